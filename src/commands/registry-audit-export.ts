import { EXIT } from '../core/exit-codes.js';
import { exportAudit } from '../ops/registry/registry-audit-file.js';
import { auditCheckText } from '../output/registry-audit.js';
import { auditFilter, auditQuery } from './audit-filter.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    auditFilter(yargs)
      .positional('file', { type: 'string', demandOption: true, describe: 'File to write' })
      .option('format', {
        choices: ['jsonl', 'csv'] as const,
        default: 'jsonl' as const,
        requiresArg: true,
        describe: 'JSON lines, which verify, or CSV for spreadsheets',
      }),
  async run({ project, file, format, ...flags }, context) {
    const check = await exportAudit(context, { project, file, format, query: auditQuery(flags) });
    return {
      value: check,
      text: style => auditCheckText(check, style),
      exitCode: check.verified ? EXIT.ok : EXIT.integrity,
    };
  },
});
