import { EXIT } from '../core/exit-codes.js';
import { auditSignatures } from '../ops/signatures/audit-signatures.js';
import { auditSignaturesText } from '../output/audit-signatures.js';
import { defineCommand } from './command.js';
import { omitFlags, omitsDev } from './omit.js';

export default defineCommand({
  options: yargs => omitFlags(yargs),
  async run(args, context) {
    const report = await auditSignatures(context, { omitDev: omitsDev(args) });
    return {
      value: report,
      text: style => auditSignaturesText(report, style),
      exitCode: report.failed ? EXIT.integrity : EXIT.ok,
    };
  },
});
