import { withdrawAdvisory } from '../ops/registry/advisory.js';
import { advisoryText } from '../output/advisory.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('id', { type: 'string', demandOption: true, describe: 'As in PSA-2f6h-9cjm-xq3r' })
      .option('undo', { type: 'boolean', default: false, describe: 'Put it in force again' }),
  async run({ id, undo }, context) {
    const result = await withdrawAdvisory(context, id, { undo });
    return { value: result, text: style => advisoryText(result, style) };
  },
});
