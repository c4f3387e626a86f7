import { createUser } from '../ops/registry/user.js';
import { userChangeText } from '../output/user.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('user', { type: 'string', demandOption: true, describe: 'Name of the user' })
      .option('display-name', { type: 'string', requiresArg: true, describe: 'How they are called' })
      .option('email', { type: 'string', requiresArg: true, describe: 'Their address' })
      .option('admin', { type: 'boolean', default: false, describe: 'They administer the registry' })
      .option('password', {
        type: 'boolean',
        default: false,
        describe: 'Ask for a password, or read it from standard input; without one they sign in elsewhere',
      })
      .option('reason', { type: 'string', requiresArg: true, describe: 'Why, for the audit' }),
  async run({ user: name, 'display-name': displayName, email, admin, password, reason }, context) {
    const result = await createUser(context, { name, displayName, email, admin, reason }, password);
    return { value: result, text: style => userChangeText(result, 'made', style) };
  },
});
