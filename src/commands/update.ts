import { PrompdError } from '../core/errors.js';
import type { Context } from '../ops/context.js';
import { type UpdateOptions, update } from '../ops/update/update.js';
import { updateText } from '../output/update.js';
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
          describe: 'Only these and what they need: names as in prompd.json, or of packages',
        })
        .option('latest', {
          alias: 'L',
          type: 'boolean',
          default: false,
          describe: 'Write the ranges of prompd.json anew, for the newest versions to fit',
        })
        .option('interactive', {
          alias: 'i',
          type: 'boolean',
          default: false,
          describe: 'Choose from a list what to update',
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
    const result = await update(context, {
      names: args.names,
      latest: args.latest,
      global: args.global,
      dryRun: args['dry-run'],
      pick: args.interactive ? picker(context) : undefined,
      use: networkUse(args),
      resolution: resolutionSwitches(args),
    });
    return { value: result, text: style => updateText(result, style) };
  },
});

function picker({ screen }: Context): NonNullable<UpdateOptions['pick']> {
  if (!screen) {
    throw new PrompdError('EUSAGE', '--interactive needs a terminal, and there is none here.', {
      hint: 'Standard input and standard error must be a terminal, and CI must not be set. Name the packages instead, as in "prompd update @acme/code-review".',
    });
  }
  return async choices => {
    const { pickUpdates } = await import('../tui/pick-updates.js');
    return pickUpdates(choices, screen);
  };
}
