import { revoke } from '../ops/governance/channels.js';
import { revocationText } from '../output/approval.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('package', {
        type: 'string',
        demandOption: true,
        describe: 'A version, as @org/package@1.2.0',
      })
      .option('reason', {
        type: 'string',
        requiresArg: true,
        demandOption: true,
        describe: 'Why; whoever asks for the version is told',
      }),
  async run({ package: spec, reason }, context) {
    const result = await revoke(context, spec, reason);
    return { value: result, text: style => revocationText(result, style) };
  },
});
