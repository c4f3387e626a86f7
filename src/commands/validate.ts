import { EXIT } from '../core/exit-codes.js';
import { validate } from '../ops/prompts/validate.js';
import { validationText } from '../output/validate.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('targets', {
        type: 'string',
        array: true,
        default: ['.'],
        describe: 'Prompt files, packages, folders of either, or names of installed packages',
      })
      .option('strict', { type: 'boolean', default: false, describe: 'Count warnings as errors' }),
  async run({ targets, strict }, context) {
    const result = await validate(context, { targets, strict });
    return {
      value: result,
      text: style => validationText(result, style),
      exitCode: result.valid ? EXIT.ok : EXIT.validation,
    };
  },
});
