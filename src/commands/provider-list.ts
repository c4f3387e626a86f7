import { listProviders } from '../ops/models/providers.js';
import { providerListText } from '../output/provider.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs => yargs,
  async run(_args, context) {
    const providers = await listProviders(context);
    return { value: { providers }, text: style => providerListText(providers, style) };
  },
});
