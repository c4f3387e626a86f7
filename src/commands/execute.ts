import { execute } from '../ops/models/execute.js';
import { executeText } from '../output/execute.js';
import { defineCommand } from './command.js';
import { numberFlag } from './number-flag.js';
import { promptOptions } from './prompt-values.js';

export default defineCommand({
  repeatable: ['param', 'file'],
  options: yargs =>
    promptOptions(yargs)
      .option('provider', { type: 'string', requiresArg: true, describe: 'Who is asked' })
      .option('model', { type: 'string', requiresArg: true, describe: 'Which model is asked' })
      .option('temperature', { type: 'string', requiresArg: true, describe: '0 to 2' })
      .option('max-tokens', { type: 'string', requiresArg: true, describe: 'Longest answer' })
      .option('timeout', {
        type: 'string',
        requiresArg: true,
        default: '120',
        describe: 'Longest silence of the model, in seconds',
      })
      .option('stream', {
        type: 'boolean',
        describe: 'Print the answer as it arrives',
        defaultDescription: 'on a terminal',
      })
      .option('output', {
        alias: 'o',
        type: 'string',
        requiresArg: true,
        describe: 'Write the answer to this file instead of stdout',
      }),
  async run(args, context) {
    const { prompt, param, file, provider, model, stream, output } = args;
    const seconds = numberFlag('--timeout', args.timeout, { min: 0.1, max: 86_400 });
    const { printed, ...result } = await execute(context, {
      prompt,
      assignments: param,
      files: file,
      provider,
      model,
      stream,
      output,
      temperature: numberFlag('--temperature', args.temperature, { min: 0, max: 2 }),
      maxTokens: numberFlag('--max-tokens', args['max-tokens'], { min: 1, max: 10_000_000, whole: true }),
      timeoutMs: seconds === undefined ? undefined : seconds * 1000,
    });
    return {
      value: result,
      text: (_style, terminal) => (printed || output !== undefined ? '' : executeText(result.text, terminal)),
    };
  },
});
