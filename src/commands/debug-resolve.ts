import { EXIT } from '../core/exit-codes.js';
import { debugResolve } from '../ops/debug-resolve.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('universe', {
      type: 'string',
      demandOption: true,
      describe: 'JSON file with packages, root and options, "-" for stdin',
    }),
  async run({ universe }, context) {
    // yargs makes '' of a word that is a dash and nothing else.
    const value = await debugResolve(context, universe || '-');
    return {
      value,
      text: () => JSON.stringify(value, null, 2),
      exitCode: value.ok ? EXIT.ok : EXIT.noSolution,
    };
  },
});
