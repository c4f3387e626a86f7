import { showAdvisory } from '../ops/registry/advisory.js';
import { advisoryText } from '../output/advisory.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('id', { type: 'string', demandOption: true, describe: 'As in PSA-2f6h-9cjm-xq3r' }),
  async run({ id }, context) {
    const result = await showAdvisory(context, id);
    return { value: result, text: style => advisoryText(result, style) };
  },
});
