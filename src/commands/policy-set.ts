import { setPolicy } from '../ops/governance/policy.js';
import { setPolicyText } from '../output/approval.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('project', { type: 'string', demandOption: true, describe: 'The project, as @bank' })
      .positional('file', { type: 'string', default: '-', describe: 'JSON file; "-" for standard input' })
      .option('reason', { type: 'string', requiresArg: true, describe: 'Why, for the audit' }),
  async run({ project, file, reason }, context) {
    const result = await setPolicy(context, project, { file, reason });
    return { value: result, text: style => setPolicyText(result, style) };
  },
});
