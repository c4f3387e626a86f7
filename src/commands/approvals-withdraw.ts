import { withdrawApproval } from '../ops/governance/approvals.js';
import { decidedText } from '../output/approval.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('id', {
        type: 'string',
        demandOption: true,
        describe: 'A request, as apr_0123456789abcdef01234567',
      })
      .option('reason', { type: 'string', requiresArg: true, describe: 'Why, for the audit' }),
  async run({ id, reason }, context) {
    const result = await withdrawApproval(context, id, reason);
    return { value: result, text: style => decidedText(result, style) };
  },
});
