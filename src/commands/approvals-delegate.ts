import { delegateApprovals } from '../ops/governance/approvals.js';
import { delegationText } from '../output/approval.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('project', { type: 'string', demandOption: true, describe: 'The project, as @bank' })
      .positional('user', {
        type: 'string',
        demandOption: true,
        describe: 'A member, who decides in your name',
      })
      .option('until', {
        type: 'string',
        requiresArg: true,
        demandOption: true,
        describe: 'A date or time, at most 30 days from now',
      })
      .option('reason', {
        type: 'string',
        requiresArg: true,
        demandOption: true,
        describe: 'Why, for the audit',
      }),
  async run({ project, user, until, reason }, context) {
    const result = await delegateApprovals(context, project, { to: user, until, reason });
    return { value: result, text: style => delegationText(result, style) };
  },
});
