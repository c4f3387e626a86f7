import { writeBootstrap } from '../ops/delivery/write-bootstrap.js';
import { bootstrapText } from '../output/bootstrap.js';
import { defineCommand } from './command.js';
import { tagOption } from './delivery-flags.js';

export default defineCommand({
  options: yargs =>
    tagOption(yargs)
      .positional('file', { type: 'string', demandOption: true, describe: 'File to write' })
      .positional('prompts', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'Prompts, as in @bank/kyc:summary or @bank/kyc@1.2.0:summary',
      })
      .option('model', { type: 'string', requiresArg: true, describe: 'Take the variants for this model' }),
  async run({ file, prompts, tag, model }, context) {
    const written = await writeBootstrap(context, { file, references: prompts, tag, model });
    return { value: written, text: style => bootstrapText(written, style) };
  },
});
