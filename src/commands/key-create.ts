import { createAuthorKey } from '../ops/signatures/author-keys.js';
import { ownKeyText } from '../output/key.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('name', { type: 'string', describe: 'Name of the key; "default" by default' }),
  async run({ name }, context) {
    const key = await createAuthorKey(context, name);
    context.progress.info(
      'Give the second line to those who are to trust your packages: "prompd key trust @scope <key>".',
    );
    return { value: key, text: style => ownKeyText(key, style) };
  },
});
