import { listRegistryKeys } from '../ops/registry/registry-keys.js';
import { registryKeysText } from '../output/registry-server.js';
import { defineCommand } from './command.js';
import { DATA_FLAG } from './data-flag.js';

export default defineCommand({
  options: yargs => yargs.option('data', DATA_FLAG),
  async run({ data }, context) {
    const keys = await listRegistryKeys(context, { data });
    return { value: { keys }, text: style => registryKeysText(keys, style) };
  },
});
