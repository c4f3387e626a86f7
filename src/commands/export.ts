import { exportPrompts } from '../ops/interchange/export.js';
import { EXPORT_FORMATS } from '../ops/interchange/export-prompt.js';
import { printable } from '../output/error.js';
import { exportedText } from '../output/export.js';
import { defineCommand } from './command.js';

export default defineCommand({
  repeatable: ['param', 'file'],
  options: yargs =>
    yargs
      .positional('prompt', {
        type: 'string',
        demandOption: true,
        describe: 'A file, a folder with prompd.json, or @org/package[@range][:prompt]',
      })
      .option('format', { choices: EXPORT_FORMATS, demandOption: true, describe: 'What to write' })
      .option('out', {
        type: 'string',
        requiresArg: true,
        describe: 'Folder to write to; without it the one prompt goes to stdout',
      })
      .option('param', {
        alias: 'p',
        type: 'string',
        nargs: 1,
        coerce: list,
        default: [],
        defaultDescription: 'none',
        describe: 'name=value or name=@file, for formats without templates; repeatable',
      })
      .option('file', {
        alias: 'f',
        type: 'string',
        nargs: 1,
        coerce: list,
        default: [],
        defaultDescription: 'none',
        describe: 'JSON or YAML file with values, "-" for stdin; repeatable',
      })
      .option('template', {
        type: 'boolean',
        default: false,
        describe: 'Keep the template as text instead of rendering it',
      })
      .option('force', { type: 'boolean', default: false, describe: 'Overwrite files' }),
  async run({ prompt, format, out, param, file, template, force }, context) {
    const options = { prompt, format, out, template, force, assignments: param, files: file };
    const result = await exportPrompts(context, options);
    if (result.dir !== undefined) return { value: result, text: style => exportedText(result, style) };
    const [only] = result.files;
    const exact = only?.text ?? '';
    return { value: result, text: (_style, terminal) => (terminal ? printable(exact) : exact) };
  },
});

/** What a repeatable flag was given: yargs gives a single one as it is. */
function list(given: string | readonly string[]): readonly string[] {
  return typeof given === 'string' ? [given] : given;
}
