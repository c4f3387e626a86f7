import { setUserAdmin } from '../ops/registry/user.js';
import { userChangeText } from '../output/user.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('user', { type: 'string', demandOption: true, describe: 'Name of the user' })
      .option('off', { type: 'boolean', default: false, describe: 'Take it from them' })
      .option('reason', { type: 'string', requiresArg: true, describe: 'Why, for the audit' }),
  async run({ user, off, reason }, context) {
    const result = await setUserAdmin(context, user, { admin: !off, reason });
    return { value: result, text: style => userChangeText(result, 'changed', style) };
  },
});
