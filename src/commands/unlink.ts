import { unlink } from '../ops/project/link.js';
import { unlinkText } from '../output/link.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('names', {
      type: 'string',
      array: true,
      default: [],
      defaultDescription: 'all',
      describe: 'Names of linked packages',
    }),
  async run({ names }, context) {
    const result = await unlink(context, names);
    return { value: result, text: style => unlinkText(result, style) };
  },
});
