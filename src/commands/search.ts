import { withNetworkUse } from '../ops/install/switches.js';
import { search } from '../ops/registry/search.js';
import { searchText } from '../output/search.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('text', { type: 'string', array: true, default: [], describe: 'Words to look for' })
      .option('category', { type: 'string', requiresArg: true, describe: 'Only of this category' })
      .option('author', { type: 'string', requiresArg: true, describe: 'Only by this author' })
      .option('keyword', { type: 'string', requiresArg: true, describe: 'Only with this keyword' })
      .option('sort', {
        choices: ['relevance', 'downloads', 'recency'] as const,
        default: 'relevance' as const,
        describe: 'What comes first',
      })
      .option('limit', {
        type: 'number',
        requiresArg: true,
        default: 20,
        describe: 'How many at most, 1 to 250',
      })
      .option('offset', { type: 'number', requiresArg: true, default: 0, describe: 'How many to pass over' })
      .option('offline', {
        type: 'boolean',
        default: false,
        describe: 'Ask no registry: look through what is in the cache',
      }),
  async run({ text, category, author, keyword, sort, limit, offset, offline }, context) {
    const page = await search(offline ? withNetworkUse(context, 'never') : context, {
      text: text.join(' '),
      category,
      author,
      keyword,
      sort,
      limit,
      offset,
    });
    return { value: page, text: style => searchText(page, style) };
  },
});
