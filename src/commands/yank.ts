import { yank } from '../ops/registry/deprecate.js';
import { yankText } from '../output/version-mark.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('package', {
        type: 'string',
        demandOption: true,
        describe: 'A package with its version after "@"',
      })
      .option('undo', { type: 'boolean', default: false, describe: 'Let new installations have it again' })
      .option('dry-run', {
        type: 'boolean',
        default: false,
        describe: 'Say what would change, and change nothing',
      }),
  async run({ package: spec, undo, 'dry-run': dryRun }, context) {
    const result = await yank(context, spec, { undo, dryRun });
    return { value: result, text: style => yankText(result, style) };
  },
});
