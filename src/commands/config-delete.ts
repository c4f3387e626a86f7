import { deleteSetting } from '../ops/settings/config.js';
import { changeText } from '../output/config.js';
import { defineCommand } from './command.js';
import { keyPositional, locationFlag } from './location-flag.js';

export default defineCommand({
  toleratesBadConfig: true,
  options: yargs => locationFlag(keyPositional(yargs), 'user'),
  async run({ key, location }, context) {
    const change = await deleteSetting(context, key, { location });
    return { value: change, text: style => changeText(change, { style, done: 'Removed' }) };
  },
});
