import { EXIT } from '../core/exit-codes.js';
import { debugResolve } from '../ops/debug-resolve.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('universe', {
      type: 'string',
      demandOption: true,
      describe: 'JSON file with packages, root and options',
    }),
  async run({ universe }, context) {
    const value = await debugResolve(context, universe);
    return {
      value,
      text: () => JSON.stringify(value, null, 2),
      exitCode: value.ok ? EXIT.ok : EXIT.noSolution,
    };
  },
});
