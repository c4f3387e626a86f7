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
      .positional('message', {
        type: 'string',
        demandOption: true,
        describe: 'What those who install it read; an empty one takes the deprecation back',
      })
      .option('dry-run', {
        type: 'boolean',
        default: false,
        describe: 'Say what would change, and change nothing',
      }),
  async run({ package: spec, message, 'dry-run': dryRun, otp }, context) {
    const result = await deprecate(withOtp(context, { otp }), spec, { message, dryRun });
    return { value: result, text: style => deprecationText(result, style) };
  },
});
