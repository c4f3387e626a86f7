import { removeProvider } from '../ops/models/providers.js';
import { removedProviderText } from '../output/provider.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('name', { type: 'string', demandOption: true, describe: 'Name of the provider' }),
  async run({ name }, context) {
    const removed = await removeProvider(context, name);
    return { value: removed, text: style => removedProviderText(removed, style) };
  },
});
