import { EXIT } from '../core/exit-codes.js';
import { featCheck } from '../ops/feat/feat-check.js';
import { featCheckText } from '../output/feat.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('target', { type: 'string', default: '.', describe: 'Folder of the package' })
      .option('tier', {
        type: 'number',
        requiresArg: true,
        describe: 'Check for a higher tier than the computed one',
      }),
  async run({ target, tier }, context) {
    const result = await featCheck(context, { target, tier });
    return {
      value: result,
      text: style => featCheckText(result, style),
      exitCode: result.complete ? EXIT.ok : EXIT.general,
    };
  },
});
