import { show } from '../ops/prompts/show.js';
import { shownText } from '../output/show.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('prompt', {
        type: 'string',
        demandOption: true,
        describe: 'A file, a folder with prompd.json, or @org/package[@range][:prompt]',
      })
      .option('offline', {
        type: 'boolean',
        default: false,
        describe: 'Ask no registry, which this command never does',
      }),
  async run({ prompt }, context) {
    const result = await show(context, prompt);
    return { value: result, text: style => shownText(result, style) };
  },
});
