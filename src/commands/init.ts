import type { Context } from '../ops/context.js';
import { type InitOptions, init } from '../ops/prompts/init.js';
import { initText } from '../output/init.js';
import { TEMPLATES } from '../templates/index.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('dir', { type: 'string', default: '.', describe: 'Folder of the new package' })
      .option('yes', { alias: 'y', type: 'boolean', default: false, describe: 'Ask nothing' })
      .option('template', {
        type: 'string',
        requiresArg: true,
        describe: `What to start from: ${TEMPLATES.map(({ kind }) => kind).join(', ')}`,
      })
      .option('name', { type: 'string', requiresArg: true, describe: 'Name of the package' })
      .option('description', { type: 'string', requiresArg: true, describe: 'One sentence about it' })
      .option('author', { type: 'string', requiresArg: true, describe: 'As in "Team <team@example.com>"' })
      .option('license', { type: 'string', requiresArg: true, describe: 'An SPDX expression, as in "MIT"' })
      .option('package-version', {
        type: 'string',
        requiresArg: true,
        describe: 'Its first version, as in "0.1.0"',
      })
      .option('prompt', { type: 'string', requiresArg: true, describe: 'Id of its first prompt' }),
  async run(args, context) {
    const version = args['package-version'];
    const result = await init(context, { ...args, version, fill: asker(context) });
    return { value: result, text: style => initText(result, style) };
  },
});

function asker({ screen, env }: Context): InitOptions['fill'] {
  if (!screen) return undefined;
  return async form => {
    const { fillInit } = await import('../tui/init/fill-init.js');
    return fillInit(form, screen, { colour: !env['NO_COLOR'] });
  };
}
