import { withNetworkUse } from '../ops/install/switches.js';
import { diff } from '../ops/version/diff.js';
import { diffText } from '../output/diff.js';
import { defineCommand } from './command.js';
import { networkFlags, networkUse } from './network-use.js';

export default defineCommand({
  options: yargs =>
    networkFlags(yargs)
      .positional('before', {
        type: 'string',
        describe: 'A package with a version, a folder or an archive; by default what is published',
      })
      .positional('after', {
        type: 'string',
        describe: 'What to compare it with; by default the folder you work in, or what is installed',
      })
      .option('contract', {
        type: 'boolean',
        describe: 'Show only what callers of the prompts see',
      })
      .option('name-only', {
        type: 'boolean',
        describe: 'Show only which files differ',
        conflicts: 'contract',
      }),
  async run({ before, after, contract = false, 'name-only': nameOnly = false, ...flags }, context) {
    const packages = [before, after].filter(word => word !== undefined);
    const inner = withNetworkUse(context, networkUse(flags));
    const result = await diff(inner, { packages, contract, nameOnly });
    return { value: result, text: style => diffText(result, style, { contract, nameOnly }) };
  },
});
