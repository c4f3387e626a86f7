import { EXIT } from '../core/exit-codes.js';
import { auditLog } from '../ops/audit/audit-log.js';
import { auditLogText } from '../output/audit-log.js';
import { defineCommand } from './command.js';
import { omitFlags, omitsDev } from './omit.js';

export default defineCommand({
  options: yargs => omitFlags(yargs),
  async run(args, context) {
    const report = await auditLog(context, { omitDev: omitsDev(args) });
    return {
      value: report,
      text: style => auditLogText(report, style),
      exitCode: report.failed ? EXIT.integrity : EXIT.ok,
    };
  },
});
