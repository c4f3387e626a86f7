import { enableWebhook } from '../ops/registry/webhook.js';
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
    const result = await enableWebhook(context, id, false);
    return { value: result, text: style => `disabled ${style.strong(printable(id))} at ${result.registry}` };
  },
});
