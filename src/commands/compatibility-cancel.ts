import { cancelRun } from '../ops/models/compatibility-runs.js';
import { runText } from '../output/compatibility-run.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('id', {
      type: 'string',
      demandOption: true,
      describe: 'A run, as "prompd compatibility runs" shows it',
    }),
  async run({ id }, context) {
    const result = await cancelRun(context, id);
    return { value: result, text: style => runText(result, style) };
  },
});
