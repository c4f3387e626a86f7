import { pack } from '../ops/pack.js';
import { packText } from '../output/pack.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('target', {
        type: 'string',
        default: '.',
        describe: 'Folder of a package, or a prompt file',
      })
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'Folder or file to write the archive to',
      })
      .option('dry-run', {
        type: 'boolean',
        default: false,
        describe: 'Show what would be packed, write nothing',
      })
      .option('scope', {
        type: 'string',
        requiresArg: true,
        describe: 'Scope of the package that one prompt file becomes, as in "@team"',
      }),
  async run({ target, out, scope, 'dry-run': dryRun }, context) {
    const result = await pack(context, { target, out, dryRun, scope });
    return { value: result, text: style => packText(result, style) };
  },
});
