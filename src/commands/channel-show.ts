import { showChannel } from '../ops/registry/channel.js';
import { channelText } from '../output/channel.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('package', { type: 'string', demandOption: true, describe: 'Its name' })
      .positional('tag', { type: 'string', demandOption: true, describe: 'The channel' }),
  async run({ package: name, tag }, context) {
    const channel = await showChannel(context, name, tag);
    return { value: channel, text: style => channelText(channel, style) };
  },
});
