import { DEFAULT_KEY, exportAuthorKey } from '../ops/signatures/author-keys.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('name', { type: 'string', default: DEFAULT_KEY, describe: 'Name of the key' })
      .option('private', {
        type: 'boolean',
        default: false,
        describe: 'Print the private half, for PROMPD_AUTHOR_KEY in CI: whoever has it signs in your name',
      }),
  async run({ name, private: withPrivate }, context) {
    const key = await exportAuthorKey(context, name, { withPrivate });
    return { value: key, text: () => key.privateKey ?? `${key.publicKey}\n` };
  },
});
