import { listScheduled } from '../ops/governance/channels.js';
import { scheduleText } from '../output/approval.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('package', { type: 'string', describe: 'A package; that of the folder by default' }),
  async run({ package: spec }, context) {
    const result = await listScheduled(context, spec);
    return { value: result, text: style => scheduleText(result, style) };
  },
});
