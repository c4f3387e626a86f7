import { featInit } from '../ops/feat/feat-init.js';
import { featInitText } from '../output/feat.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('target', { type: 'string', default: '.', describe: 'Folder of the package' })
      .option('yes', {
        alias: 'y',
        type: 'boolean',
        default: false,
        describe: 'Ask nothing, and leave everything open',
      }),
  async run({ target, yes }, context) {
    const result = await featInit(context, { target, yes });
    return { value: result, text: style => featInitText(result, style) };
  },
});
