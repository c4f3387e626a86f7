import { showRun } from '../ops/models/compatibility-runs.js';
import { runText } from '../output/compatibility-run.js';
import { defineCommand } from './command.js';
import { runExitCode } from './run-exit-code.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('id', {
        type: 'string',
        demandOption: true,
        describe: 'A run, as "prompd compatibility runs" shows it',
      })
      .option('follow', { type: 'boolean', default: false, describe: 'Wait until it is over' }),
  async run({ id, follow }, context) {
    const result = await showRun(context, id, follow);
    return { value: result, text: style => runText(result, style), exitCode: runExitCode(result.run) };
  },
});
