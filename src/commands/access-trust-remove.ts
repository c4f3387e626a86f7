import { removeTrust } from '../ops/registry/trust.js';
import { removedTrustText } from '../output/trust.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('place', {
        type: 'string',
        demandOption: true,
        describe: 'A package, or a project such as @bank',
      })
      .positional('id', { type: 'string', demandOption: true, describe: 'As the list has it' }),
  async run({ place, id }, context) {
    const removed = await removeTrust(context, place, id);
    return { value: removed, text: style => removedTrustText(removed, style) };
  },
});
