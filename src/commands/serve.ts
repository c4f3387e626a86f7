import { servePrompts } from '../ops/delivery/serve.js';
import { startedText } from '../output/registry-server.js';
import { defineCommand } from './command.js';
import { bootstrapOption, listenOptions, tagOption } from './delivery-flags.js';

export default defineCommand({
  repeatable: ['allow-host'],
  options: yargs => bootstrapOption(tagOption(listenOptions(yargs))),
  async run({ port, host, 'allow-host': allowedHosts, tag, bootstrap }, context) {
    const options = { port, host, allowedHosts, tag, bootstrap };
    const { url, stopped } = await servePrompts(context, options);
    return { value: { url }, text: style => startedText(url, style), ended: stopped };
  },
});
