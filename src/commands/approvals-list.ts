import { listApprovals } from '../ops/governance/approvals.js';
import { approvalsText } from '../output/approval.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .option('project', { type: 'string', requiresArg: true, describe: 'Of one project, as @bank' })
      .option('package', { type: 'string', requiresArg: true, describe: 'Of one package' })
      .option('state', {
        choices: ['pending', 'approved', 'declined', 'withdrawn', 'expired', 'all'] as const,
        default: 'pending' as const,
        describe: 'What they have come to',
      }),
  async run({ project, package: name, state }, context) {
    const query = { project, package: name, ...(state !== 'all' && { state }) };
    const result = await listApprovals(context, query);
    return { value: result, text: style => approvalsText(result, style) };
  },
});
