import { listTrust } from '../ops/registry/trust.js';
import { trustListText } from '../output/trust.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('place', {
      type: 'string',
      demandOption: true,
      describe: 'A package, or a project such as @bank',
    }),
  async run({ place }, context) {
    const list = await listTrust(context, place);
    return { value: list, text: style => trustListText(list, style) };
  },
});
