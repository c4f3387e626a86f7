import { info } from '../ops/registry/info.js';
import { infoText } from '../output/info.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('package', {
      type: 'string',
      demandOption: true,
      describe: 'A package, with a version, range or tag after "@" if you like',
    }),
  async run(args, context) {
    const result = await info(context, args.package);
    return { value: result, text: style => infoText(result, style) };
  },
});
