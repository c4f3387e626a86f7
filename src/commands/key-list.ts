import { ownKeys } from '../ops/signatures/author-keys.js';
import { trustedKeys } from '../ops/signatures/trusted-keys.js';
import { keyListText } from '../output/key.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs => yargs,
  async run(_args, context) {
    const keys = { own: await ownKeys(context), trusted: trustedKeys(context) };
    return { value: keys, text: style => keyListText(keys, style) };
  },
});
