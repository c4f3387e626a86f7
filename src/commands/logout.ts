import { logout } from '../ops/registry/account.js';
import { logoutText } from '../output/account.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs => yargs,
  async run(_args, context) {
    const result = await logout(context);
    return { value: result, text: style => logoutText(result, style) };
  },
});
