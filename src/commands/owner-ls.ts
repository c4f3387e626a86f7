import { listOwners } from '../ops/registry/owner.js';
import { ownersText } from '../output/owner.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('package', {
      type: 'string',
      describe: 'Its name; that of the prompd.json here by default',
    }),
  async run(args, context) {
    const result = await listOwners(context, args.package);
    return { value: result, text: style => ownersText(result, style) };
  },
});
