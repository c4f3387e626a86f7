import { link } from '../ops/project/link.js';
import { linkText } from '../output/link.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('target', {
      type: 'string',
      describe: 'Folder of a package, or the name of one made known by "prompd link" in its folder',
    }),
  async run({ target }, context) {
    const result = await link(context, target);
    return { value: result, text: style => linkText(result, style) };
  },
});
