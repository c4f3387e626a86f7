import { showUser } from '../ops/registry/user.js';
import { shownUserText } from '../output/user.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('user', { type: 'string', demandOption: true, describe: 'Name of the user' }),
  async run({ user }, context) {
    const result = await showUser(context, user);
    return { value: result, text: style => shownUserText(result, style) };
  },
});
