import { EXIT } from '../core/exit-codes.js';
import { vendor } from '../ops/store/vendor.js';
import { vendorText } from '../output/vendor.js';
import { defineCommand } from './command.js';
import { networkFlags, networkUse } from './network-use.js';
import { omitFlags, omitsDev } from './omit.js';

export default defineCommand({
  options: yargs =>
    omitFlags(networkFlags(yargs))
      .option('dir', {
        type: 'string',
        requiresArg: true,
        defaultDescription: 'prompd_packages',
        describe: 'Folder to fill, relative to the project',
      })
      .option('check', {
        type: 'boolean',
        default: false,
        describe: 'Only say whether the folder fits the lockfile; exit 1 when it does not',
      }),
  async run(args, context) {
    const { dir, check } = args;
    const result = await vendor(context, { dir, check, omitDev: omitsDev(args), use: networkUse(args) });
    return {
      value: result,
      text: style => vendorText(result, { style, check }),
      exitCode: result.fits ? EXIT.ok : EXIT.general,
    };
  },
});
