import { PrompdError } from '../core/errors.js';
import { CHAINS, why } from '../ops/install/why.js';
import { whyText } from '../output/why.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('package', {
        type: 'string',
        demandOption: true,
        describe: 'A name, with a version or range or without one',
      })
      .option('limit', {
        type: 'number',
        default: CHAINS,
        requiresArg: true,
        describe: 'How many chains to show of each version',
      })
      .option('global', {
        alias: 'g',
        type: 'boolean',
        default: false,
        describe: 'Of the packages for use anywhere',
      }),
  async run(args, context) {
    const { limit, global } = args;
    if (!Number.isSafeInteger(limit) || limit < 1 || limit > 10_000) {
      throw new PrompdError('EUSAGE', '--limit takes a whole number from 1 to 10000.', {
        facts: { limit: String(limit) },
      });
    }
    const result = await why(context, args.package, { limit, global });
    return { value: result, text: style => whyText(result, style) };
  },
});
