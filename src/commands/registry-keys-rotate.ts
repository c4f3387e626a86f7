import { rotateRegistryKey } from '../ops/registry/registry-keys.js';
import { registryKeysText } from '../output/registry-server.js';
import { defineCommand } from './command.js';
import { DATA_FLAG } from './data-flag.js';

export default defineCommand({
  options: yargs => yargs.option('data', DATA_FLAG),
  async run({ data }, context) {
    const key = await rotateRegistryKey(context, { data });
    context.progress.info('All other keys have expired. What they signed stays valid.');
    return { value: key, text: style => registryKeysText([key], style) };
  },
});
