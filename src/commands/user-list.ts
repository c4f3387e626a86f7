import { listUsers } from '../ops/registry/user.js';
import { usersText } from '../output/user.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('text', {
      type: 'string',
      describe: 'Part of a name or an address; everybody by default',
    }),
  async run({ text }, context) {
    const result = await listUsers(context, text);
    return { value: result, text: style => usersText(result, style) };
  },
});
