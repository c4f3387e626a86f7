import { unpublish } from '../ops/registry/unpublish.js';
import { unpublishText } from '../output/version-mark.js';
import { defineCommand } from './command.js';
import { otpFlag, withOtp } from './otp-flag.js';

export default defineCommand({
  options: yargs =>
    otpFlag(yargs)
      .positional('package', {
        type: 'string',
        describe: 'A package with its version after "@"; that of the prompd.json here by default',
      })
      .option('yes', { alias: 'y', type: 'boolean', default: false, describe: 'Do not ask' })
      .option('force', {
        alias: 'f',
        type: 'boolean',
        default: false,
        describe: 'Do not ask, and take the whole package away when no version is named',
      })
      .option('dry-run', {
        type: 'boolean',
        default: false,
        describe: 'Say what would change, and change nothing',
      }),
  async run({ package: spec, yes, force, 'dry-run': dryRun, otp }, context) {
    const result = await unpublish(withOtp(context, { otp }), spec, { yes, force, dryRun });
    return { value: result, text: style => unpublishText(result, style) };
  },
});
