import { type RenderOptions, render, writeRendered } from '../ops/prompts/render.js';
import { printable } from '../output/error.js';
import { messagesText } from '../output/render.js';
import { defineCommand } from './command.js';
import { promptOptions } from './prompt-values.js';

const FORMATS = ['messages', 'text'] as const;
const ROLES = ['system', 'user', 'assistant'] as const;

export default defineCommand({
  repeatable: ['param', 'file', 'section'],
  options: yargs =>
    promptOptions(yargs)
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
