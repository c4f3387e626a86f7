import { confirmPolicy } from '../ops/governance/policy.js';
import { setPolicyText } from '../output/approval.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('project', { type: 'string', demandOption: true, describe: 'The project, as @bank' })
      .option('reason', { type: 'string', requiresArg: true, describe: 'Why, for the audit' }),
  async run({ project, reason }, context) {
    const result = await confirmPolicy(context, project, reason);
    return { value: result, text: style => setPolicyText(result, style) };
  },
});
