import { showProvider } from '../ops/models/providers.js';
import { providerText } from '../output/provider.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('name', { type: 'string', demandOption: true, describe: 'Name of the provider' }),
  async run({ name }, context) {
    const provider = await showProvider(context, name);
    return { value: provider, text: style => providerText(provider, style) };
  },
});
