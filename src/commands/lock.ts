import { EXIT } from '../core/exit-codes.js';
import { checkLock, lock } from '../ops/lockfile/lock.js';
import { lockCheckText, lockText } from '../output/lock.js';
import { defineCommand } from './command.js';
import { networkFlags, networkUse } from './network-use.js';
import { resolutionFlags, resolutionSwitches } from './resolution-flags.js';

export default defineCommand({
  options: yargs =>
    networkFlags(resolutionFlags(yargs)).option('check', {
      type: 'boolean',
      default: false,
      global: false,
      describe: 'Write nothing; fail if the lockfile is not what would be written',
    }),
  async run(args, context) {
    const switches = { use: networkUse(args), resolution: resolutionSwitches(args) };
    if (args.check) {
      const value = await checkLock(context, switches);
      return {
        value,
        text: style => lockCheckText(value, style),
        exitCode: value.ok ? EXIT.ok : EXIT.lockfile,
      };
    }
    const value = await lock(context, switches);
    return { value, text: style => lockText(value, style) };
  },
});
