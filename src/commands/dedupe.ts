import { EXIT } from '../core/exit-codes.js';
import { dedupe } from '../ops/update/dedupe.js';
import { dedupeText } from '../output/dedupe.js';
import { defineCommand } from './command.js';
import { networkFlags, networkUse } from './network-use.js';
import { resolutionFlags, resolutionSwitches } from './resolution-flags.js';

export default defineCommand({
  options: yargs =>
    networkFlags(
      resolutionFlags(yargs)
        .option('check', {
          type: 'boolean',
          default: false,
          describe: 'Change nothing; exit 1 when something could be merged',
        })
        .option('dry-run', { type: 'boolean', default: false, describe: 'Say what would be done' })
        .option('global', {
          alias: 'g',
          type: 'boolean',
          default: false,
          describe: 'Of the packages for use anywhere',
        }),
    ),
  async run(args, context) {
    const result = await dedupe(context, {
      dryRun: args['dry-run'] || args.check,
      global: args.global,
      use: networkUse(args),
      resolution: resolutionSwitches(args),
    });
    const { before, after } = result.additional;
    return {
      value: result,
      text: style => dedupeText(result, style),
      exitCode: args.check && after < before ? EXIT.general : EXIT.ok,
    };
  },
});
