import { splitChannel } from '../ops/registry/channel.js';
import { channelText } from '../output/channel.js';
import { defineCommand } from './command.js';
import { numberFlag } from './number-flag.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('package', {
        type: 'string',
        demandOption: true,
        describe: 'A package with the version to try after "@"',
      })
      .positional('tag', { type: 'string', demandOption: true, describe: 'The channel' })
      .option('weight', {
        type: 'string',
        default: '10',
        describe: 'Percent of the readers that get it, from 1 to 99',
      })
      .option('reason', { type: 'string', describe: 'Why; it is kept with the change' }),
  async run({ package: spec, tag, weight, reason }, context) {
    const percent = numberFlag('--weight', weight, { min: 1, max: 99, whole: true }) ?? 10;
    const channel = await splitChannel(context, spec, { tag, weight: percent, reason });
    return { value: channel, text: style => channelText({ ...channel, history: [] }, style) };
  },
});
