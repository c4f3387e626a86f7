import { removeOwner } from '../ops/registry/owner.js';
import { ownerChangeText } from '../output/owner.js';
import { defineCommand } from './command.js';
import { otpFlag, withOtp } from './otp-flag.js';

export default defineCommand({
  options: yargs =>
    otpFlag(yargs)
      .positional('user', {
        type: 'string',
        demandOption: true,
        describe: 'Name of the user',
      })
      .positional('package', {
        type: 'string',
        describe: 'Its name; that of the prompd.json here by default',
      }),
  async run({ user, package: spec, otp }, context) {
    const result = await removeOwner(withOtp(context, { otp }), user, spec);
    return { value: result, text: style => ownerChangeText('no longer owns', result, style) };
  },
});
