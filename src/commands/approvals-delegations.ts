import { listDelegations } from '../ops/governance/approvals.js';
import { delegationsText } from '../output/approval.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('project', { type: 'string', demandOption: true, describe: 'The project, as @bank' }),
  async run({ project }, context) {
    const result = await listDelegations(context, project);
    return { value: result, text: style => delegationsText(result, style) };
  },
});
