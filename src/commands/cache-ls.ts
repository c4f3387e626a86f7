import { listCache } from '../ops/store/cache.js';
import { cacheText } from '../output/cache.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs => yargs,
  async run(_args, context) {
    const listing = await listCache(context);
    return { value: listing, text: style => cacheText(listing, style) };
  },
});
