import { pack } from '../ops/registry/pack.js';
import { packText } from '../output/pack.js';
import { defineCommand } from './command.js';
import { targetFlags } from './target-flags.js';

export default defineCommand({
  options: yargs =>
    targetFlags(yargs)
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'Folder or file to write the archive to',
      })
      .option('dry-run', {
        type: 'boolean',
        default: false,
        describe: 'Show what would be packed, write nothing',
      }),
  async run({ target, out, scope, 'dry-run': dryRun }, context) {
    const result = await pack(context, { target, out, dryRun, scope });
    return { value: result, text: style => packText(result, style) };
  },
});
