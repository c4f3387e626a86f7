import { listTags } from '../ops/registry/dist-tag.js';
import { tagListText } from '../output/dist-tag.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('package', {
        type: 'string',
        describe: 'Its name; that of the prompd.json here by default',
      })
      .option('history', { type: 'boolean', default: false, describe: 'Show every move, and who made it' }),
  async run(args, context) {
    const result = await listTags(context, args.package, { history: args.history });
    return { value: result, text: style => tagListText(result, style) };
  },
});
