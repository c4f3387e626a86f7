import { EXIT } from '../core/exit-codes.js';
import { verify } from '../ops/store/verify.js';
import { verifyText } from '../output/verify.js';
import { defineCommand } from './command.js';
import { networkFlags, networkUse } from './network-use.js';

export default defineCommand({
  options: yargs =>
    networkFlags(yargs)
      .option('global', {
        alias: 'g',
        type: 'boolean',
        default: false,
        describe: 'The packages for use anywhere',
      })
      .option('all', { type: 'boolean', default: false, describe: 'Everything in the store' })
      .option('fix', {
        type: 'boolean',
        default: false,
        describe: 'Write damaged packages anew, from the cache or their registry',
      }),
  async run(args, context) {
    const { global, all, fix } = args;
    const result = await verify(context, { global, all, fix, use: networkUse(args) });
    return {
      value: result,
      text: style => verifyText(result, style),
      exitCode: result.ok ? EXIT.ok : EXIT.integrity,
    };
  },
});
