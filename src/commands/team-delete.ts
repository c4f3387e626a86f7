import { deleteTeam } from '../ops/registry/team.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('team', {
      type: 'string',
      demandOption: true,
      describe: 'Its project and its name, as in @bank:risk',
    }),
  async run({ team }, context) {
    const gone = await deleteTeam(context, team);
    return {
      value: gone,
      text: style => `${style.name(`${gone.project}:${gone.team}`)} is gone, with its roles`,
    };
  },
});
