import { packageImpact } from '../ops/registry/impact.js';
import { impactText } from '../output/impact.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('package', {
      type: 'string',
      describe:
        'A package, with a version after "@", published or yet to come; that of the folder by default',
    }),
  async run(args, context) {
    const result = await packageImpact(context, args.package);
    return { value: result, text: style => impactText(result, style) };
  },
});
