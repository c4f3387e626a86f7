import { type RenderOptions, render, writeRendered } from '../ops/render.js';
import { printable } from '../output/error.js';
import { messagesText } from '../output/render.js';
import { defineCommand } from './command.js';

const FORMATS = ['messages', 'text'] as const;
const ROLES = ['system', 'user', 'assistant'] as const;

export default defineCommand({
  repeatable: ['param', 'file', 'section'],
  options: yargs =>
    yargs
      .positional('prompt', {
        type: 'string',
        demandOption: true,
        describe: 'A file, a folder with prompd.json, or @org/package[@range][:prompt]',
      })
      .option('param', {
        alias: 'p',
        type: 'string',
        nargs: 1,
        coerce: list,
        default: [],
        defaultDescription: 'none',
        describe: 'name=value or name=@file; repeatable',
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
      .option('format', { choices: FORMATS, default: FORMATS[0], describe: 'How to print it' })
      .option('section', {
        choices: ROLES,
        array: true,
        default: [],
        defaultDescription: 'all',
        describe: 'Print only the messages of this role; repeatable',
      })
      .option('output', {
        alias: 'o',
        type: 'string',
        requiresArg: true,
        describe: 'Write to this file instead of stdout',
      })
      .option('offline', {
        type: 'boolean',
        default: false,
        describe: 'Ask no registry, which rendering never does',
      }),
  async run({ json, prompt, param, file, format, section, output }, context) {
    const options: RenderOptions = { prompt, assignments: param, files: file, roles: section };
    const result = await render(context, options);
    const exact = format === 'text' ? result.text : messagesText(result.messages);
    if (output !== undefined) {
      await writeRendered(context, output, json ? `${JSON.stringify(result, null, 2)}\n` : exact);
      return { value: { prompt: result.prompt, output }, text: () => '' };
    }
    return { value: result, text: (_style, terminal) => (terminal ? printable(exact) : exact) };
  },
});

/**
 * What a repeatable flag was given. It is no array for yargs, which would not take the word "-" for a value of it.
 */
function list(given: string | readonly string[]): readonly string[] {
  return typeof given === 'string' ? [given] : given;
}
