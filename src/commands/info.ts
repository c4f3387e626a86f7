import { withNetworkUse } from '../ops/install/switches.js';
import { info } from '../ops/registry/info.js';
import { infoText } from '../output/info.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('package', {
        type: 'string',
        demandOption: true,
        describe: 'A package, with a version, range or tag after "@" if you like',
      })
      .option('offline', {
        type: 'boolean',
        default: false,
        describe: 'Ask no registry: show what the cache has of its last answer',
      }),
  async run({ package: wanted, offline }, context) {
    const result = await info(offline ? withNetworkUse(context, 'never') : context, wanted);
    return { value: result, text: style => infoText(result, style) };
  },
});
