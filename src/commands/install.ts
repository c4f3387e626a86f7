import { PrompdError } from '../core/errors.js';
import { installIfNeeded } from '../ops/install/install-if-needed.js';
import { installText } from '../output/install.js';
import { auditLevelFlag } from './audit-level.js';
import { defineCommand } from './command.js';
import { networkFlags, networkUse } from './network-use.js';
import { omitFlags, omitsDev } from './omit.js';
import { resolutionFlags, resolutionSwitches } from './resolution-flags.js';

export default defineCommand({
  options: yargs =>
    omitFlags(
      networkFlags(
        auditLevelFlag(resolutionFlags(yargs))
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
          .option('save-prod', {
            alias: 'P',
            type: 'boolean',
            default: false,
            describe: 'Add to dependencies, also what is in devDependencies',
          })
          .option('save-exact', {
            alias: 'E',
            type: 'boolean',
            default: false,
            describe: 'Save the version, no range',
          })
          .option('save', {
            alias: 'S',
            type: 'boolean',
            default: true,
            describe: 'Write prompd.json and the lockfile',
          })
          .option('global', {
            alias: 'g',
            type: 'boolean',
            default: false,
            describe: 'Install for use anywhere',
          })
          .option('model', {
            type: 'string',
            requiresArg: true,
            describe:
              'Look whether the prompts were found to work with this model: its name, or provider/model',
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
    if (args['save-dev'] && args['save-prod'])
      throw new PrompdError('EUSAGE', '--save-dev and --save-prod cannot both be meant.');
    const result = await installIfNeeded(context, {
      specs: args.specs,
      saveDev: args['save-dev'],
      saveProd: args['save-prod'],
      saveExact: args['save-exact'],
      save: args.save,
      global: args.global,
      dryRun: args['dry-run'],
      frozen: args['frozen-lockfile'],
      omitDev: omitsDev(args),
      use: networkUse(args),
      resolution: resolutionSwitches(args),
      auditLevel: args['audit-level'],
      model: args.model,
    });
    return { value: result, text: style => installText(result, style) };
  },
});
