import { listMembers } from '../ops/registry/member.js';
import { membersText } from '../output/project.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('project', { type: 'string', demandOption: true, describe: 'Its scope, as in @bank' }),
  async run({ project }, context) {
    const result = await listMembers(context, project);
    return { value: result, text: style => membersText(result, style) };
  },
});
