import { channelFeedback } from '../ops/registry/channel.js';
import { feedbackText } from '../output/channel.js';
import { defineCommand } from './command.js';
import { numberFlag } from './number-flag.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('package', {
        type: 'string',
        describe: 'Its name; that of the prompd.json here by default',
      })
      .option('days', { type: 'string', default: '30', describe: 'How far back' }),
  async run({ package: name, days }, context) {
    const back = numberFlag('--days', days, { min: 1, max: 3650, whole: true }) ?? 30;
    const report = await channelFeedback(context, name, back);
    return { value: report, text: style => feedbackText(report, style) };
  },
});
