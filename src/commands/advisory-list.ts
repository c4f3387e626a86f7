import { listAdvisories } from '../ops/registry/advisory.js';
import { advisoriesText } from '../output/advisory.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('package', { type: 'string', describe: 'Its name; all of the registry by default' }),
  async run({ package: spec }, context) {
    const result = await listAdvisories(context, spec);
    return { value: result, text: style => advisoriesText(result, style) };
  },
});
