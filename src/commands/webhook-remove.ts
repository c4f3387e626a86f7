import { removeWebhook } from '../ops/registry/webhook.js';
import { printable } from '../output/error.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('id', {
      type: 'string',
      demandOption: true,
      describe: 'As "prompd webhook list" shows it',
    }),
  async run({ id }, context) {
    const result = await removeWebhook(context, id);
    return { value: result, text: style => `removed ${style.strong(printable(id))} at ${result.registry}` };
  },
});
