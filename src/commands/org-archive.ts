import { archiveProject } from '../ops/registry/project.js';
import { archivedProjectText } from '../output/project.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('project', { type: 'string', demandOption: true, describe: 'Its scope, as in @bank' })
      .option('reason', { type: 'string', requiresArg: true, describe: 'Why, for the audit' }),
  async run({ project, reason }, context) {
    const result = await archiveProject(context, project, { archived: true, reason });
    return { value: result, text: style => archivedProjectText(result, style) };
  },
});
