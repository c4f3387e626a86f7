import { cleanCache } from '../ops/store/cache.js';
import { cleanText } from '../output/cache.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('packages', {
      type: 'string',
      array: true,
      default: [],
      defaultDescription: 'all',
      describe: 'Packages, each with or without an exact version',
    }),
  async run({ packages }, context) {
    const result = await cleanCache(context, packages);
    return { value: result, text: style => cleanText(result, style) };
  },
});
