import { PrompdError } from '../core/errors.js';
import { EXIT } from '../core/exit-codes.js';
import { audit } from '../ops/audit/audit.js';
import { auditText } from '../output/audit.js';
import { sarifLog } from '../output/audit-sarif.js';
import { auditLevelFlag } from './audit-level.js';
import { defineCommand } from './command.js';
import { omitFlags, omitsDev } from './omit.js';

export default defineCommand({
  options: yargs =>
    auditLevelFlag(
      omitFlags(
        yargs
          .option('format', {
            choices: ['table', 'json', 'sarif'] as const,
            default: 'table' as const,
            global: false,
            describe: 'How the result is printed',
          })
          .option('fix', {
            type: 'boolean',
            default: false,
            global: false,
            describe: 'Move packages away from advisories, as far as the ranges allow',
          })
          .option('dry-run', {
            type: 'boolean',
            default: false,
            global: false,
            describe: 'With --fix: say what it would move and what it would leave, change nothing',
          })
          .option('offline', {
            type: 'boolean',
            default: false,
            global: false,
            describe: 'Ask no registry for advisories',
          }),
      ),
    ),
  async run(args, context) {
    if (args['dry-run'] && !args.fix) {
      throw new PrompdError('EUSAGE', '"--dry-run" says what a fix would do, and none is asked for.', {
        hint: 'Add "--fix", or leave out "--dry-run": an audit changes nothing.',
      });
    }
    const report = await audit(context, {
      omitDev: omitsDev(args),
      fix: args.fix,
      dryRun: args['dry-run'],
      auditLevel: args['audit-level'],
      use: args.offline ? 'never' : undefined,
    });
    const value = args.format === 'sarif' ? sarifLog(report, context.version) : report;
    return {
      value,
      text: style =>
        args.format === 'table' ? auditText(report, style) : `${JSON.stringify(value, null, 2)}\n`,
      exitCode: report.failed ? EXIT.general : EXIT.ok,
    };
  },
});
