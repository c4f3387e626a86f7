import { listAudit } from '../ops/registry/registry-audit.js';
import { auditListText } from '../output/registry-audit.js';
import { auditFilter, auditQuery } from './audit-filter.js';
import { defineCommand } from './command.js';
import { numberFlag } from './number-flag.js';

export default defineCommand({
  options: yargs =>
    auditFilter(yargs).option('limit', {
      type: 'string',
      requiresArg: true,
      describe: 'Rows at most; 50 by default',
    }),
  async run({ project, limit, ...flags }, context) {
    const most = numberFlag('--limit', limit, { min: 1, max: 100_000, whole: true });
    const result = await listAudit(context, project, { ...auditQuery(flags), limit: most });
    return { value: result, text: style => auditListText(result, style) };
  },
});
