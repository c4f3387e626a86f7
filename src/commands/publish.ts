import { EXIT } from '../core/exit-codes.js';
import { hasErrors } from '../core/problem.js';
import { publish } from '../ops/registry/publish.js';
import { publishText } from '../output/publish.js';
import { defineCommand } from './command.js';
import { otpFlag, withOtp } from './otp-flag.js';
import { targetFlags } from './target-flags.js';

export default defineCommand({
  options: yargs =>
    otpFlag(targetFlags(yargs))
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
      .option('sign', {
        type: 'boolean',
        default: false,
        describe: 'Sign it as its author, with a key that "prompd key create" made',
      })
      .option('key', { type: 'string', requiresArg: true, describe: 'Name of the key to sign with' })
      .option('dry-run', { type: 'boolean', default: false, describe: 'Pack and check, send nothing' }),
  async run(args, context) {
    const { target, tag, scope, key } = args;
    const result = await publish(withOtp(context, args), {
      target,
      tag,
      private: args.private,
      dryRun: args['dry-run'],
      scope,
      allowBreaking: args['allow-breaking'],
      // Whoever names a key wants it used.
      sign: args.sign || key !== undefined,
      key,
    });
    return {
      value: result,
      text: style => publishText(result, style),
      exitCode: hasErrors(result.problems) ? EXIT.validation : EXIT.ok,
    };
  },
});
