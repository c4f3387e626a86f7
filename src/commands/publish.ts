import { EXIT } from '../core/exit-codes.js';
import { hasErrors } from '../core/problem.js';
import { publish } from '../ops/publish.js';
import { publishText } from '../output/publish.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('target', {
        type: 'string',
        default: '.',
        describe: 'Folder of a package, or a prompt file',
      })
      .option('tag', {
        type: 'string',
        requiresArg: true,
        describe: 'Tag that names the version; "latest" by default',
      })
      .option('private', { type: 'boolean', describe: 'Only members may see and install the package' })
      .option('dry-run', { type: 'boolean', default: false, describe: 'Pack and check, send nothing' })
      .option('scope', {
        type: 'string',
        requiresArg: true,
        describe: 'Scope of the package that one prompt file becomes, as in "@team"',
      }),
  async run({ target, tag, private: isPrivate, scope, 'dry-run': dryRun }, context) {
    const result = await publish(context, { target, tag, private: isPrivate, dryRun, scope });
    return {
      value: result,
      text: style => publishText(result, style),
      exitCode: hasErrors(result.problems) ? EXIT.validation : EXIT.ok,
    };
  },
});
