import { compatibility } from '../ops/models/compatibility.js';
import { compatibilityText } from '../output/compatibility.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('package', {
      type: 'string',
      demandOption: true,
      describe: 'A package, with a version, range or tag after "@" if you like; or a request for approval',
    }),
  async run(args, context) {
    const result = await compatibility(context, args.package);
    return { value: result, text: style => compatibilityText(result, style) };
  },
});
