import { installIfNeeded } from '../ops/install-if-needed.js';
import { installText } from '../output/install.js';
import { defineCommand } from './command.js';
import { networkFlags, networkUse } from './network-use.js';
import { omitFlags, omitsDev } from './omit.js';
import { resolutionFlags, resolutionSwitches } from './resolution-flags.js';

export default defineCommand({
  options: yargs =>
    omitFlags(
      networkFlags(
        resolutionFlags(yargs)
          .positional('specs', {
            type: 'string',
            array: true,
            default: [],
            describe:
              'Packages to add: a name with a version, range or tag, a folder, an archive, an https address',
          })
          .option('save-dev', {
            alias: 'D',
            type: 'boolean',
            default: false,
            describe: 'Add to devDependencies',
          })
          .option('save-exact', {
            alias: 'E',
            type: 'boolean',
            default: false,
            describe: 'Save the version, no range',
          })
          .option('save', { type: 'boolean', default: true, describe: 'Write prompd.json and the lockfile' })
          .option('global', {
            alias: 'g',
            type: 'boolean',
            default: false,
            describe: 'Install for use anywhere',
          })
          .option('dry-run', { type: 'boolean', default: false, describe: 'Say what would be done' })
          .option('frozen-lockfile', {
            type: 'boolean',
            default: false,
            describe: 'Fail if the lockfile would change',
          }),
      ),
    ),
  async run(args, context) {
    const result = await installIfNeeded(context, {
      specs: args.specs,
      saveDev: args['save-dev'],
      saveExact: args['save-exact'],
      save: args.save,
      global: args.global,
      dryRun: args['dry-run'],
      frozen: args['frozen-lockfile'],
      omitDev: omitsDev(args),
      use: networkUse(args),
      resolution: resolutionSwitches(args),
    });
    return { value: result, text: style => installText(result, style) };
  },
});
