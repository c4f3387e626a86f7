import { acceptVersion } from '../ops/signatures/trusted-keys.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('spec', {
      type: 'string',
      demandOption: true,
      describe: 'A name and a version, as in "@team/code-review@1.2.0"',
    }),
  async run({ spec }, context) {
    const accepted = await acceptVersion(context, spec);
    return {
      value: accepted,
      text: () => `${accepted.name}@${accepted.version} is taken without the signature of an author.\n`,
    };
  },
});
