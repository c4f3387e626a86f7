import { revokeToken } from '../ops/registry/token.js';
import { printable } from '../output/error.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('id', {
      type: 'string',
      demandOption: true,
      describe: 'As "prompd token list" shows it',
    }),
  async run({ id }, context) {
    const result = await revokeToken(context, id);
    return { value: result, text: style => `revoked ${style.strong(printable(id))} at ${result.registry}` };
  },
});
