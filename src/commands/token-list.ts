import { listTokens } from '../ops/registry/token.js';
import { tokensText } from '../output/token.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs => yargs,
  async run(_args, context) {
    const result = await listTokens(context);
    return { value: result, text: style => tokensText(result, style) };
  },
});
