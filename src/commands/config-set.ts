import { setSetting } from '../ops/settings/config.js';
import { changeText } from '../output/config.js';
import { defineCommand } from './command.js';
import { keyPositional, locationFlag } from './location-flag.js';

export default defineCommand({
  toleratesBadConfig: true,
  options: yargs =>
    locationFlag(keyPositional(yargs), 'user').positional('value', {
      type: 'string',
      demandOption: true,
      describe: 'Text, or JSON for numbers, lists and objects',
    }),
  async run({ key, value, location }, context) {
    const change = await setSetting(context, { key, typed: value }, { location });
    return { value: change, text: style => changeText(change, { style, done: 'Set' }) };
  },
});
