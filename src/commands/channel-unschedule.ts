import { unschedule } from '../ops/governance/channels.js';
import { printable } from '../output/error.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('package', { type: 'string', demandOption: true, describe: 'The package, as @bank/kyc' })
      .positional('id', {
        type: 'string',
        demandOption: true,
        describe: 'As "prompd channel scheduled" shows it',
      }),
  async run({ package: spec, id }, context) {
    const result = await unschedule(context, spec, id);
    return { value: result, text: style => `${style.strong(printable(result.id))} will not be` };
  },
});
