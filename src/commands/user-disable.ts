import { disableUser } from '../ops/registry/user.js';
import { userChangeText } from '../output/user.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('user', { type: 'string', demandOption: true, describe: 'Name of the user' }),
  async run({ user }, context) {
    const result = await disableUser(context, user, true);
    return { value: result, text: style => userChangeText(result, 'disabled', style) };
  },
});
