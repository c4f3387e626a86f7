import { listRuns } from '../ops/models/compatibility-runs.js';
import { runsText } from '../output/compatibility-run.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('package', {
      type: 'string',
      demandOption: true,
      describe: 'A package, with a version, range or tag after "@" if you like; or a request for approval',
    }),
  async run({ package: spec }, context) {
    const result = await listRuns(context, spec);
    return { value: result, text: style => runsText(result, style) };
  },
});
