import { changeTier } from '../ops/governance/approvals.js';
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
      .positional('tier', { choices: [1, 2, 3] as const, demandOption: true, describe: 'The new tier' })
      .option('reason', {
        type: 'string',
        requiresArg: true,
        demandOption: true,
        describe: 'Why, for the audit',
      })
      .option('evidence', {
        type: 'string',
        requiresArg: true,
        describe: 'Address of what shows it; lowering a tier takes it',
      })
      .option('sha256', { type: 'string', requiresArg: true, describe: 'Digest of what is at that address' }),
  async run({ id, tier, reason, evidence, sha256 }, context) {
    const result = await changeTier(context, id, { tier, reason, evidence, sha256 });
    return { value: result, text: style => decidedText(result, style) };
  },
});
