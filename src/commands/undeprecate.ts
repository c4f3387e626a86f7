import { deprecate } from '../ops/registry/deprecate.js';
import { deprecationText } from '../output/version-mark.js';
import { defineCommand } from './command.js';
import { otpFlag, withOtp } from './otp-flag.js';

export default defineCommand({
  options: yargs =>
    otpFlag(yargs)
      .positional('package', {
        type: 'string',
        demandOption: true,
        describe: 'A package, with a range, version or tag after "@" if not all versions are meant',
      })
      .option('dry-run', {
        type: 'boolean',
        default: false,
        describe: 'Say what would change, and change nothing',
      }),
  async run({ package: spec, 'dry-run': dryRun, otp }, context) {
    const result = await deprecate(withOtp(context, { otp }), spec, { message: '', dryRun });
    return { value: result, text: style => deprecationText(result, style) };
  },
});
