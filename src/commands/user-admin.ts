import { setUserAdmin } from '../ops/registry/user.js';
import { userChangeText } from '../output/user.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('user', { type: 'string', demandOption: true, describe: 'Name of the user' })
      .option('off', { type: 'boolean', default: false, describe: 'Take it from them' }),
  async run({ user, off }, context) {
    const result = await setUserAdmin(context, user, !off);
    return { value: result, text: style => userChangeText(result, 'changed', style) };
  },
});
