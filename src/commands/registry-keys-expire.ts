import { expireRegistryKey } from '../ops/registry/registry-keys.js';
import { registryKeysText } from '../output/registry-server.js';
import { defineCommand } from './command.js';
import { DATA_FLAG } from './data-flag.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('keyid', {
        type: 'string',
        demandOption: true,
        describe: 'Id of the key, as the list has it',
      })
      .option('at', {
        type: 'string',
        requiresArg: true,
        describe: 'From when on it covers nothing, as when it was stolen; now by default',
      })
      .option('data', DATA_FLAG),
  async run({ keyid, at, data }, context) {
    const key = await expireRegistryKey(context, { keyid, at, data });
    return { value: key, text: style => registryKeysText([key], style) };
  },
});
