import { showApproval } from '../ops/governance/approvals.js';
import { approvalText } from '../output/approval.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('id', {
      type: 'string',
      demandOption: true,
      describe: 'A request, as apr_0123456789abcdef01234567',
    }),
  async run({ id }, context) {
    const result = await showApproval(context, id);
    return { value: result, text: style => approvalText(result, style) };
  },
});
