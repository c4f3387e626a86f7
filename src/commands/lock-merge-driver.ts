import { PrompdError } from '../core/errors.js';
import { EXIT } from '../core/exit-codes.js';
import { mergeForGit } from '../ops/lockfile/merge-driver.js';
import { installMergeDriver } from '../ops/lockfile/merge-driver-install.js';
import { driverInstallationText, mergeText } from '../output/lock.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('base', { type: 'string', describe: 'What both sides began with: %O' })
      .positional('ours', { type: 'string', describe: 'Our lockfile, which becomes the merged one: %A' })
      .positional('theirs', { type: 'string', describe: 'Their lockfile: %B' })
      .positional('file', { type: 'string', describe: 'Where the lockfile is in the work tree: %P' })
      .option('install', {
        type: 'boolean',
        default: false,
        describe: 'Make git merge lockfiles with prompd in this clone',
      }),
  async run({ base, ours, theirs, file, install }, context) {
    if (install) {
      const value = await installMergeDriver(context);
      return { value, text: style => driverInstallationText(value, style) };
    }
    if (base === undefined || ours === undefined || theirs === undefined) {
      throw new PrompdError(
        'EUSAGE',
        '"prompd lock merge-driver" needs <base> <ours> <theirs>, or --install.',
        {
          hint: 'git gives it the three files: run "prompd lock merge-driver --install" once in a clone.',
        },
      );
    }
    const value = await mergeForGit(context, { base, ours, theirs, file });
    return {
      value,
      text: style => mergeText(value, style),
      exitCode: value.merged ? EXIT.ok : EXIT.general,
    };
  },
});
