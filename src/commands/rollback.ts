import { rollBack } from '../ops/governance/channels.js';
import { channelText } from '../output/approval.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('package', { type: 'string', describe: 'A package; that of the folder by default' })
      .option('tag', { type: 'string', requiresArg: true, default: 'production', describe: 'The channel' })
      .option('to', {
        type: 'string',
        requiresArg: true,
        describe: 'A version that the channel pointed at; the one before by default',
      })
      .option('reason', { type: 'string', requiresArg: true, describe: 'Why, for the audit' }),
  async run({ package: spec, tag, to, reason }, context) {
    const result = await rollBack(context, spec, { tag, to, reason });
    return { value: result, text: style => channelText(result, style) };
  },
});
