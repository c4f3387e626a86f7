import { endDelegation } from '../ops/governance/approvals.js';
import { printable } from '../output/error.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('project', { type: 'string', demandOption: true, describe: 'The project, as @bank' })
      .positional('id', {
        type: 'string',
        demandOption: true,
        describe: 'As "prompd approvals delegations" shows it',
      }),
  async run({ project, id }, context) {
    const result = await endDelegation(context, project, id);
    return { value: result, text: style => `${style.strong(printable(result.id))} has ended` };
  },
});
