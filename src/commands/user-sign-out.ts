import { endUserSessions } from '../ops/registry/user.js';
import { endedSessionsText } from '../output/user.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('user', { type: 'string', demandOption: true, describe: 'Name of the user' }),
  async run({ user }, context) {
    const result = await endUserSessions(context, user);
    return { value: result, text: style => endedSessionsText(result, style) };
  },
});
