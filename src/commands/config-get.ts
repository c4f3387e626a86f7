import { EXIT } from '../core/exit-codes.js';
import { getSetting } from '../ops/settings/config.js';
import { valueText } from '../output/config.js';
import { defineCommand } from './command.js';
import { keyPositional, locationFlag } from './location-flag.js';

export default defineCommand({
  toleratesBadConfig: true,
  options: yargs => locationFlag(keyPositional(yargs), 'all together'),
  async run({ key, location, registry }, context) {
    const setting = await getSetting(context, key, { location, registry });
    return {
      value: setting ?? { key, value: null },
      text: () => (setting === undefined ? '' : `${valueText(setting.value)}\n`),
      exitCode: setting === undefined ? EXIT.general : EXIT.ok,
    };
  },
});
