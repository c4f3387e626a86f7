import { ciIfNeeded } from '../ops/install/install-if-needed.js';
import { ciText } from '../output/locked-install.js';
import { auditLevelFlag } from './audit-level.js';
import { defineCommand } from './command.js';
import { networkFlags, networkUse } from './network-use.js';
import { omitFlags, omitsDev } from './omit.js';

export default defineCommand({
  options: yargs =>
    auditLevelFlag(omitFlags(networkFlags(yargs))).option('dry-run', {
      type: 'boolean',
      default: false,
      describe: 'Say what would be done',
    }),
  async run(args, context) {
    const result = await ciIfNeeded(context, {
      omitDev: omitsDev(args),
      dryRun: args['dry-run'],
      use: networkUse(args),
      auditLevel: args['audit-level'],
    });
    return { value: result, text: () => ciText(result) };
  },
});
