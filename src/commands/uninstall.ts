import { uninstall } from '../ops/install/uninstall.js';
import { uninstallText } from '../output/install.js';
import { defineCommand } from './command.js';
import { networkFlags, networkUse } from './network-use.js';
import { resolutionFlags, resolutionSwitches } from './resolution-flags.js';

export default defineCommand({
  options: yargs =>
    networkFlags(resolutionFlags(yargs))
      .positional('names', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'Names as in prompd.json',
      })
      .option('global', {
        alias: 'g',
        type: 'boolean',
        default: false,
        describe: 'Of the packages for use anywhere',
      })
      .option('dry-run', { type: 'boolean', default: false, describe: 'Say what would be done' }),
  async run(args, context) {
    const result = await uninstall(context, args.names, {
      global: args.global,
      dryRun: args['dry-run'],
      use: networkUse(args),
      resolution: resolutionSwitches(args),
    });
    return { value: result, text: style => uninstallText(result, style) };
  },
});
