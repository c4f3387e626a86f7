import { addWebhook } from '../ops/registry/webhook.js';
import { createdWebhookText } from '../output/webhook.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('url', {
        type: 'string',
        demandOption: true,
        describe: 'Where messages are sent to; https',
      })
      .option('event', {
        type: 'string',
        array: true,
        requiresArg: true,
        describe: 'An event to be told of, as advisory.published; all by default',
      })
      .option('package', {
        type: 'string',
        array: true,
        requiresArg: true,
        describe: 'A name, a scope such as @bank, or a name with *',
      })
      .option('follow', {
        choices: ['owned', 'dependencies'] as const,
        array: true,
        requiresArg: true,
        describe: 'Your packages, and what those depend on; both unless packages are named',
      }),
  repeatable: ['event', 'package', 'follow'],
  async run({ url, event, package: packages, follow }, context) {
    const created = await addWebhook(context, { url, events: event, packages: packages ?? [], follow });
    context.progress.info('Keep this secret: it is shown this once only.');
    return { value: created, text: style => createdWebhookText(created, style) };
  },
});
