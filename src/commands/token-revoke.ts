import { revokeToken } from '../ops/registry/token.js';
import { printable } from '../output/error.js';
import { defineCommand } from './command.js';
import { otpFlag, withOtp } from './otp-flag.js';

export default defineCommand({
  options: yargs =>
    otpFlag(yargs).positional('id', {
      type: 'string',
      demandOption: true,
      describe: 'As "prompd token list" shows it',
    }),
  async run({ id, otp }, context) {
    const result = await revokeToken(withOtp(context, { otp }), id);
    return { value: result, text: style => `revoked ${style.strong(printable(id))} at ${result.registry}` };
  },
});
