import { login } from '../ops/registry/account.js';
import { accountText } from '../output/account.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.option('token', {
      type: 'string',
      requiresArg: true,
      describe: 'The token; "-" or nothing reads it from standard input',
    }),
  async run({ token }, context) {
    const account = await login(context, token);
    return { value: account, text: style => accountText('Logged in', account, style) };
  },
});
