import { rotateWebhook } from '../ops/registry/webhook.js';
import { createdWebhookText } from '../output/webhook.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('id', {
        type: 'string',
        demandOption: true,
        describe: 'As "prompd webhook list" shows it',
      })
      .option('hours', {
        type: 'number',
        requiresArg: true,
        default: 24,
        describe: 'How long messages are signed with the old secret as well, 0 to 168',
      }),
  async run({ id, hours }, context) {
    const rotated = await rotateWebhook(context, id, hours);
    context.progress.info('Keep this secret: it is shown this once only.');
    return { value: rotated, text: style => createdWebhookText(rotated, style) };
  },
});
