import { disableUser } from '../ops/registry/user.js';
import { userChangeText } from '../output/user.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('user', { type: 'string', demandOption: true, describe: 'Name of the user' })
      .option('reason', { type: 'string', requiresArg: true, describe: 'Why, for the audit' }),
  async run({ user, reason }, context) {
    const result = await disableUser(context, user, { disabled: false, reason });
    return { value: result, text: style => userChangeText(result, 'enabled', style) };
  },
});
