import { getPolicy } from '../ops/governance/policy.js';
import { policyText } from '../output/approval.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('project', { type: 'string', demandOption: true, describe: 'The project, as @bank' })
      .option('proposed', {
        type: 'boolean',
        default: false,
        describe: 'Print what another admin proposed; nothing where nobody did',
      }),
  async run({ project, proposed }, context) {
    const result = await getPolicy(context, project);
    if (!proposed) return { value: result, text: () => policyText(result.policy) };
    const { proposed: wanted = null } = result;
    return {
      value: { project, proposed: wanted },
      text: () => (wanted === null ? '' : policyText(wanted.policy)),
    };
  },
});
