import { startRun } from '../ops/models/compatibility-runs.js';
import { runText } from '../output/compatibility-run.js';
import { defineCommand } from './command.js';
import { runExitCode } from './run-exit-code.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('package', {
        type: 'string',
        demandOption: true,
        describe: 'A package, with a version, range or tag after "@" if you like; or a request for approval',
      })
      .option('model', {
        type: 'string',
        array: true,
        requiresArg: true,
        describe: 'A model, as openai/gpt-4o; repeatable; those of the version by default',
      })
      .option('follow', { type: 'boolean', default: false, describe: 'Wait until it is over' }),
  repeatable: ['model'],
  async run({ package: spec, model, follow }, context) {
    const result = await startRun(context, spec, { models: model ?? [], follow });
    return { value: result, text: style => runText(result, style), exitCode: runExitCode(result.run) };
  },
});
