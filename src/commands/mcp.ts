import { serveMcpOnHttp, serveMcpOnStdio } from '../ops/mcp/mcp.js';
import { startedText } from '../output/registry-server.js';
import { defineCommand } from './command.js';
import { bootstrapOption, listenOptions, tagOption } from './delivery-flags.js';

export default defineCommand({
  repeatable: ['allow-host'],
  options: yargs =>
    bootstrapOption(tagOption(listenOptions(yargs)))
      .positional('prompts', {
        type: 'string',
        array: true,
        default: [],
        defaultDescription: "the project's",
        describe: 'Prompts and packages of registries, as in @bank/kyc:summary or @bank/kyc',
      })
      .option('project', {
        type: 'boolean',
        default: false,
        describe: "The project's prompts and packages, besides those that are named",
      })
      .option('http', {
        type: 'boolean',
        default: false,
        describe: 'Listen for HTTP instead of speaking over stdin and stdout',
      }),
  async run({ prompts, project, http, port, host, 'allow-host': allowedHosts, tag, bootstrap }, context) {
    const shared = { references: prompts, project, tag, bootstrap };
    if (!http) {
      const { stopped } = await serveMcpOnStdio(context, shared);
      return { value: {}, text: () => '', ended: stopped };
    }
    const { url, stopped } = await serveMcpOnHttp(context, { ...shared, port, host, allowedHosts });
    return { value: { url }, text: style => startedText(url, style), ended: stopped };
  },
});
