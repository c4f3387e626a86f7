import { unsplitChannel } from '../ops/registry/channel.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('package', { type: 'string', demandOption: true, describe: 'Its name' })
      .positional('tag', { type: 'string', demandOption: true, describe: 'The channel' }),
  async run({ package: name, tag }, context) {
    const channel = await unsplitChannel(context, name, tag);
    return {
      value: channel,
      text: style => `${style.strong(channel.tag)} of ${style.name(channel.name)} is not split`,
    };
  },
});
