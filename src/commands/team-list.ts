import { listTeams, showTeam } from '../ops/registry/team.js';
import { teamsText, teamText } from '../output/project.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('target', {
      type: 'string',
      demandOption: true,
      describe: 'A project, as @bank, or a team of it, as @bank:risk',
    }),
  async run({ target }, context) {
    if (target.includes(':')) {
      const team = await showTeam(context, target);
      return { value: team, text: style => teamText(team, style) };
    }
    const teams = await listTeams(context, target);
    return { value: teams, text: style => teamsText(teams, style) };
  },
});
