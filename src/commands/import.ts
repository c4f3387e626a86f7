import { FORMATS } from '../interchange/index.js';
import { importPrompts } from '../ops/interchange/import.js';
import { importedText } from '../output/import.js';
import { defineCommand } from './command.js';

const CHOICES = ['auto', 'prompd', ...FORMATS] as const;

export default defineCommand({
  options: yargs =>
    yargs
      // Here the word is the package's version, not that of the program.
      .version(false)
      .positional('paths', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'Files and folders with prompts of other formats',
      })
      .option('name', {
        type: 'string',
        requiresArg: true,
        describe: 'Name of the package, as in "@team/review"',
      })
      .option('version', { type: 'string', requiresArg: true, describe: 'Version of the package' })
      .option('out', { type: 'string', requiresArg: true, describe: 'Folder of the new package' })
      .option('format', { choices: CHOICES, default: CHOICES[0], describe: 'What the files are taken for' })
      .option('f-strings', {
        type: 'boolean',
        default: false,
        describe: 'Read {name} in conversations and plain texts as a parameter',
      })
      .option('dry-run', {
        type: 'boolean',
        default: false,
        describe: 'Say what would be made, write nothing',
      })
      .option('force', { type: 'boolean', default: false, describe: 'Replace the package in the folder' }),
  async run({ paths, name, version, out, format, force, 'f-strings': fStrings, 'dry-run': dryRun }, context) {
    const chosen = format === 'auto' ? undefined : format;
    const result = await importPrompts(context, {
      paths,
      name,
      version,
      out,
      format: chosen,
      fStrings,
      dryRun,
      force,
    });
    return { value: result, text: style => importedText(result, style) };
  },
});
