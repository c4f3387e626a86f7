import { listWebhooks } from '../ops/registry/webhook.js';
import { webhooksText } from '../output/webhook.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs => yargs,
  async run(_args, context) {
    const result = await listWebhooks(context);
    return { value: result, text: style => webhooksText(result, style) };
  },
});
