import { EXIT } from '../core/exit-codes.js';
import { hasErrors } from '../core/problem.js';
import { publish } from '../ops/registry/publish.js';
import { publishText } from '../output/publish.js';
import { defineCommand } from './command.js';
import { targetFlags } from './target-flags.js';

export default defineCommand({
  options: yargs =>
    targetFlags(yargs)
      .option('tag', {
        type: 'string',
        requiresArg: true,
        describe: 'Tag that names the version; "latest" by default',
      })
      .option('private', { type: 'boolean', describe: 'Only members may see and install the package' })
      .option('allow-breaking', {
        type: 'boolean',
        default: false,
        describe: 'Publish also when the changes need a higher version',
      })
      .option('dry-run', { type: 'boolean', default: false, describe: 'Pack and check, send nothing' }),
  async run(
    { target, tag, private: isPrivate, scope, 'dry-run': dryRun, 'allow-breaking': allowBreaking },
    context,
  ) {
    const result = await publish(context, { target, tag, private: isPrivate, dryRun, scope, allowBreaking });
    return {
      value: result,
      text: style => publishText(result, style),
      exitCode: hasErrors(result.problems) ? EXIT.validation : EXIT.ok,
    };
  },
});
