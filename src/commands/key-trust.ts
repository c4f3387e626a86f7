import { trustKey } from '../ops/signatures/trusted-keys.js';
import { defineCommand } from './command.js';
import { locationFlag } from './location-flag.js';

export default defineCommand({
  options: yargs =>
    locationFlag(yargs, 'user')
      .positional('scope', {
        type: 'string',
        demandOption: true,
        describe: 'Scope of the packages, as in "@team"',
      })
      .positional('key', {
        type: 'string',
        demandOption: true,
        describe: 'Public key of the author, as "prompd key export" prints it',
      })
      .option('name', { type: 'string', requiresArg: true, describe: 'Whose it is, for people' }),
  async run({ scope, key, name, location }, context) {
    const trusted = await trustKey(context, { key, name }, { scope, location });
    return { value: trusted, text: () => `Trusted ${trusted.keyid} for ${scope} in ${trusted.file}.\n` };
  },
});
