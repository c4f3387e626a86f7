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
    const shown = proposed ? result.proposed?.policy : result.policy;
    return { value: result, text: () => (shown === undefined ? '' : policyText(shown)) };
  },
});
