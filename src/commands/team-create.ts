import { createTeam } from '../ops/registry/team.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('team', {
        type: 'string',
        demandOption: true,
        describe: 'Its project and its name, as in @bank:risk',
      })
      .option('description', { type: 'string', requiresArg: true, default: '', describe: 'Who is in it' }),
  async run({ team, description }, context) {
    const made = await createTeam(context, team, { description });
    return {
      value: made,
      text: style => `${style.name(`${made.project}:${made.team}`)} is there, and nobody is in it`,
    };
  },
});
