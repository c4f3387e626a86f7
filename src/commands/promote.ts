import { promote } from '../ops/governance/channels.js';
import { channelText } from '../output/approval.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('package', {
        type: 'string',
        demandOption: true,
        describe: 'A version that is approved, as @org/package@1.2.0',
      })
      .option('tag', { type: 'string', requiresArg: true, default: 'production', describe: 'The channel' })
      .option('at', {
        type: 'string',
        requiresArg: true,
        describe: 'Not now, but at that time, as 2026-12-01T09:00:00+08:00; a date begins in UTC',
      })
      .option('reason', { type: 'string', requiresArg: true, describe: 'Why, for the audit' })
      .option('break-glass', {
        type: 'boolean',
        default: false,
        describe: 'Move it although the version is not approved; goes back unless somebody approves',
      }),
  async run({ package: spec, tag, at, reason, 'break-glass': breakGlass }, context) {
    const result = await promote(context, spec, { tag, at, reason, breakGlass });
    return { value: result, text: style => channelText(result, style) };
  },
});
