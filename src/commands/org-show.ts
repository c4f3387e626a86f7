import { showProject } from '../ops/registry/project.js';
import { projectText } from '../output/project.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('project', { type: 'string', demandOption: true, describe: 'Its scope, as in @bank' }),
  async run({ project }, context) {
    const result = await showProject(context, project);
    return { value: result, text: style => projectText(result, style) };
  },
});
