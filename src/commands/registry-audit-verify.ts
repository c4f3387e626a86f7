import { EXIT } from '../core/exit-codes.js';
import { verifyAudit } from '../ops/registry/registry-audit-file.js';
import { auditCheckText } from '../output/registry-audit.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('file', {
        type: 'string',
        demandOption: true,
        describe: 'What "prompd registry audit export" wrote',
      })
      .option('checkpoint', {
        type: 'string',
        array: true,
        requiresArg: true,
        describe: 'File with a checkpoint that was kept elsewhere',
      })
      .option('key', {
        type: 'string',
        requiresArg: true,
        describe: 'Public key of the registry, in base64; that which is configured or was seen by default',
      }),
  repeatable: ['checkpoint'],
  async run({ file, checkpoint: checkpoints = [], key }, context) {
    const check = await verifyAudit(context, { file, checkpoints, key });
    return {
      value: check,
      text: style => auditCheckText(check, style),
      exitCode: check.verified ? EXIT.ok : EXIT.integrity,
    };
  },
});
