import { addTag } from '../ops/registry/dist-tag.js';
import { tagChangeText } from '../output/dist-tag.js';
import { defineCommand } from './command.js';
import { otpFlag, withOtp } from './otp-flag.js';

export default defineCommand({
  options: yargs =>
    otpFlag(yargs)
      .positional('package', {
        type: 'string',
        demandOption: true,
        describe: 'A package with its version after "@", or another tag in its place',
      })
      .positional('tag', { type: 'string', describe: 'A word that is no version; "latest" by default' }),
  async run({ package: spec, tag, otp }, context) {
    const result = await addTag(withOtp(context, { otp }), spec, tag);
    return { value: result, text: style => tagChangeText(result, style) };
  },
});
