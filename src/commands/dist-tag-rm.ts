import { removeTag } from '../ops/registry/dist-tag.js';
import { tagChangeText } from '../output/dist-tag.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('package', {
        type: 'string',
        demandOption: true,
        describe: 'Its name',
      })
      .positional('tag', { type: 'string', demandOption: true, describe: 'The tag; never "latest"' }),
  async run({ package: name, tag }, context) {
    const result = await removeTag(context, name, tag);
    return { value: result, text: style => tagChangeText(result, style) };
  },
});
