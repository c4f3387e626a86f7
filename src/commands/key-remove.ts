import { removeAuthorKey } from '../ops/signatures/author-keys.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('name', { type: 'string', demandOption: true, describe: 'Name of the key' }),
  async run({ name }, context) {
    const key = await removeAuthorKey(context, name);
    return { value: key, text: () => `Removed the key "${name}", ${key.keyid}.\n` };
  },
});
