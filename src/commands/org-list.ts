import { listProjects } from '../ops/registry/project.js';
import { projectsText } from '../output/project.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs => yargs,
  async run(_args, context) {
    const result = await listProjects(context);
    return { value: result, text: style => projectsText(result, style) };
  },
});
