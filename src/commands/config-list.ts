import { listSettings } from '../ops/settings/config.js';
import { settingsText } from '../output/config.js';
import { defineCommand } from './command.js';
import { locationFlag } from './location-flag.js';

export default defineCommand({
  toleratesBadConfig: true,
  options: yargs => locationFlag(yargs, 'all together'),
  async run({ location, registry }, context) {
    const settings = await listSettings(context, { location, registry });
    return { value: settings, text: style => settingsText(settings, style) };
  },
});
