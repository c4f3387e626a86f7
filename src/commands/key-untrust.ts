import { untrustKey } from '../ops/signatures/trusted-keys.js';
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
      .positional('keyid', {
        type: 'string',
        demandOption: true,
        describe: 'Id of the key, or the key itself',
      }),
  async run({ scope, keyid, location }, context) {
    const ended = await untrustKey(context, keyid, { scope, location });
    return {
      value: ended,
      text: () => `${ended.keyid} is no longer trusted for ${scope} in ${ended.file}.\n`,
    };
  },
});
