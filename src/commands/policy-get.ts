import { getPolicy } from '../ops/governance/policy.js';
import { policyText } from '../output/approval.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('project', { type: 'string', demandOption: true, describe: 'The project, as @bank' }),
  async run({ project }, context) {
    const result = await getPolicy(context, project);
    return { value: result, text: () => policyText(result) };
  },
});
