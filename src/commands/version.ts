import { currentVersions, setVersion } from '../ops/version/version.js';
import { currentVersionsText, versionText } from '../output/version.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('step', {
        type: 'string',
        describe:
          'major, minor, patch, premajor, preminor, prepatch, prerelease, an exact version, or auto for what the changes since the last release need',
      })
      .option('preid', {
        type: 'string',
        requiresArg: true,
        describe: 'Name of a pre-release, as "beta" in 2.0.0-beta.0',
      })
      .option('git', {
        type: 'boolean',
        default: true,
        describe: 'Commit and tag in a git work tree; --no-git only writes prompd.json',
      })
      .option('message', {
        alias: 'm',
        type: 'string',
        default: '%s',
        requiresArg: true,
        describe: 'Message of the commit and the tag; %s stands for the version',
      })
      .option('tag-prefix', {
        type: 'string',
        default: 'v',
        describe: 'What stands before the version in the tag',
      })
      .option('allow-same-version', {
        type: 'boolean',
        default: false,
        describe: 'Take the version that is there already, and only tag it',
      })
      .option('force', {
        type: 'boolean',
        default: false,
        describe: 'Also with changes that are not committed',
      }),
  async run({ step, preid, git, message, ...flags }, context) {
    if (step === undefined) {
      const versions = await currentVersions(context);
      return { value: versions, text: style => currentVersionsText(versions, style) };
    }
    const result = await setVersion(context, {
      step,
      preid,
      git,
      message,
      tagPrefix: flags['tag-prefix'],
      allowSameVersion: flags['allow-same-version'],
      force: flags.force,
    });
    return { value: result, text: style => versionText(result, style) };
  },
});
