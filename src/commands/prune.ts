import { prune } from '../ops/store/prune.js';
import { pruneText } from '../output/prune.js';
import { defineCommand } from './command.js';
import { omitFlags, omitsDev } from './omit.js';

export default defineCommand({
  options: yargs =>
    omitFlags(
      yargs
        .option('store', {
          type: 'boolean',
          default: false,
          describe: 'Clean the store: remove what the lockfile of no known project names',
        })
        .option('dry-run', { type: 'boolean', default: false, describe: 'Say what would be done' })
        .option('global', {
          alias: 'g',
          type: 'boolean',
          default: false,
          describe: 'The packages for use anywhere',
        }),
    ),
  async run(args, context) {
    const result = await prune(context, {
      store: args.store,
      omitDev: omitsDev(args),
      dryRun: args['dry-run'],
      global: args.global,
    });
    return { value: result, text: style => pruneText(result, style) };
  },
});
