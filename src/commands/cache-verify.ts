import { EXIT } from '../core/exit-codes.js';
import { verifyCache } from '../ops/store/cache.js';
import { cacheVerificationText } from '../output/cache.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs => yargs,
  async run(_args, context) {
    const result = await verifyCache(context);
    return {
      value: result,
      text: style => cacheVerificationText(result, style),
      exitCode: result.damaged.length === 0 ? EXIT.ok : EXIT.integrity,
    };
  },
});
