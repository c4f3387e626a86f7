import type { Argv } from 'yargs';
import type { Context } from '../ops/context.js';

/** The flag of commands that change something at a registry. */
export function otpFlag<T>(yargs: Argv<T>): Argv<T & { otp: string | undefined }> {
  return yargs.option('otp', {
    type: 'string',
    requiresArg: true,
    describe: 'One-time password, for npm registries that ask for one',
  });
}

/** The world as the command is to see it: with the password that was given with it. */
export function withOtp(context: Context, { otp }: { otp: string | undefined }): Context {
  return otp === undefined ? context : { ...context, oneTimePassword: otp };
}
