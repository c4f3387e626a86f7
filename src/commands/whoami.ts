import { whoami } from '../ops/registry/account.js';
import { whoamiText } from '../output/account.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs => yargs,
  async run(_args, context) {
    const account = await whoami(context);
    return { value: account, text: style => whoamiText(account, style) };
  },
});
