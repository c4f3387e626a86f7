import { removeFromTeam } from '../ops/registry/team.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('team', {
        type: 'string',
        demandOption: true,
        describe: 'Its project and its name, as in @bank:risk',
      })
      .positional('user', {
        type: 'string',
        demandOption: true,
        describe: 'Name of the user',
      }),
  async run({ team, user }, context) {
    const change = await removeFromTeam(context, team, user);
    return {
      value: change,
      text: style =>
        `${style.strong(change.user)} is not in ${style.name(`${change.project}:${change.name}`)} any more`,
    };
  },
});
