import { decideApproval } from '../ops/governance/approvals.js';
import { decidedText } from '../output/approval.js';
import { defineCommand } from './command.js';

/**
 * The command by which an approver decides.
 * @param why what its flag for a reason is for
 */
export function decisionCommand(decision: 'approve' | 'decline', why: string) {
  return defineCommand({
    options: yargs =>
      yargs
        .positional('id', {
          type: 'string',
          demandOption: true,
          describe: 'A request, as apr_0123456789abcdef01234567',
        })
        .option('digest', {
          type: 'string',
          requiresArg: true,
          describe: 'What was looked at, as "prompd approvals show" prints it',
        })
        .option('function', {
          choices: ['business', 'risk', 'validator'] as const,
          describe: 'For whom you speak; what is missing by default',
        })
        .option('on-behalf-of', {
          type: 'string',
          requiresArg: true,
          describe: 'The approver who delegated to you',
        })
        .option('reason', { type: 'string', requiresArg: true, describe: why }),
    async run({ id, digest, function: named, 'on-behalf-of': onBehalfOf, reason }, context) {
      const request = { decision, digest, function: named, onBehalfOf, reason };
      const result = await decideApproval(context, id, request);
      return { value: result, text: style => decidedText(result, style) };
    },
  });
}
