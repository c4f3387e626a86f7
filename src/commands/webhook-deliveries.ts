import { webhookDeliveries } from '../ops/registry/webhook.js';
import { deliveriesText } from '../output/webhook.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('id', {
      type: 'string',
      demandOption: true,
      describe: 'As "prompd webhook list" shows it',
    }),
  async run({ id }, context) {
    const result = await webhookDeliveries(context, id);
    return { value: result, text: style => deliveriesText(result, style) };
  },
});
