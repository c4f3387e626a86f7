import { createToken } from '../ops/registry/token.js';
import { issuedTokenText } from '../output/token.js';
import { defineCommand } from './command.js';
import { otpFlag, withOtp } from './otp-flag.js';

export default defineCommand({
  options: yargs =>
    otpFlag(yargs)
      .option('name', { type: 'string', requiresArg: true, describe: 'Tells the tokens of a user apart' })
      .option('user', {
        type: 'string',
        requiresArg: true,
        describe: 'Whose it is to be, where an administrator makes it',
      })
      .option('scopes', {
        type: 'string',
        requiresArg: true,
        default: 'read,publish',
        describe: 'What it may do: read, publish, admin, separated by commas',
      })
      .option('cidr', {
        alias: 'ip',
        type: 'string',
        array: true,
        requiresArg: true,
        describe: 'An address or a network that it may be used from, as 10.0.0.0/8',
      })
      .option('packages', {
        type: 'string',
        requiresArg: true,
        describe: 'What it is for: names and scopes of packages, separated by commas',
      })
      .option('expires', {
        type: 'string',
        requiresArg: true,
        describe: 'Until when it holds, as 2027-01-31',
      }),
  repeatable: ['cidr'],
  async run({ name, user, scopes, cidr, packages, expires, otp }, context) {
    const created = await createToken(withOtp(context, { otp }), {
      name,
      user,
      scopes,
      cidr: cidr ?? [],
      packages,
      expires,
    });
    context.progress.info('Keep this token: it is shown this once only.');
    return { value: created, text: () => issuedTokenText(created) };
  },
});
