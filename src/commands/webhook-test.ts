import { EXIT } from '../core/exit-codes.js';
import { testWebhook } from '../ops/registry/webhook.js';
import { webhookTestText } from '../output/webhook.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('id', {
      type: 'string',
      demandOption: true,
      describe: 'As "prompd webhook list" shows it',
    }),
  async run({ id }, context) {
    const result = await testWebhook(context, id);
    const exitCode = result.delivered ? EXIT.ok : EXIT.network;
    return { value: result, exitCode, text: style => webhookTestText(result, style) };
  },
});
