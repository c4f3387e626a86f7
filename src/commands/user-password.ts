import { setUserPassword } from '../ops/registry/user.js';
import { userChangeText } from '../output/user.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('user', { type: 'string', demandOption: true, describe: 'Name of the user' })
      .option('reason', { type: 'string', requiresArg: true, describe: 'Why, for the audit' }),
  async run({ user, reason }, context) {
    const result = await setUserPassword(context, user, reason);
    return { value: result, text: style => userChangeText(result, 'a new password for', style) };
  },
});
