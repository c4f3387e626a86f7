import { removeTag } from '../ops/registry/dist-tag.js';
import { tagChangeText } from '../output/dist-tag.js';
import { defineCommand } from './command.js';
import { otpFlag, withOtp } from './otp-flag.js';

export default defineCommand({
  options: yargs =>
    otpFlag(yargs)
      .positional('package', {
        type: 'string',
        demandOption: true,
        describe: 'Its name',
      })
      .positional('tag', { type: 'string', demandOption: true, describe: 'The tag; never "latest"' }),
  async run({ package: name, tag, otp }, context) {
    const result = await removeTag(withOtp(context, { otp }), name, tag);
    return { value: result, text: style => tagChangeText(result, style) };
  },
});
