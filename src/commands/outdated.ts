import { EXIT } from '../core/exit-codes.js';
import { outdated } from '../ops/update/outdated.js';
import { outdatedJson, outdatedText } from '../output/outdated.js';
import { defineCommand } from './command.js';
import { networkFlags, networkUse } from './network-use.js';
import { resolutionFlags, resolutionSwitches } from './resolution-flags.js';

export default defineCommand({
  options: yargs =>
    networkFlags(
      resolutionFlags(yargs)
        .positional('names', {
          type: 'string',
          array: true,
          default: [],
          describe: 'Only these: names as in prompd.json, or of packages',
        })
        .option('all', {
          alias: 'a',
          type: 'boolean',
          default: false,
          describe: 'Also what only packages ask for',
        })
        .option('global', {
          alias: 'g',
          type: 'boolean',
          default: false,
          describe: 'Of the packages for use anywhere',
        }),
    ),
  async run(args, context) {
    const found = await outdated(context, {
      names: args.names,
      all: args.all,
      global: args.global,
      use: networkUse(args),
      resolution: resolutionSwitches(args),
    });
    return {
      value: outdatedJson(found),
      text: style => outdatedText(found, style),
      exitCode: found.length > 0 ? EXIT.general : EXIT.ok,
    };
  },
});
