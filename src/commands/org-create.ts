import { createProject } from '../ops/registry/project.js';
import { createdProjectText } from '../output/project.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('project', { type: 'string', demandOption: true, describe: 'Its scope, as in @bank' })
      .option('description', { type: 'string', requiresArg: true, describe: 'What it is' })
      .option('author', { type: 'string', requiresArg: true, describe: 'Who answers for it' })
      .option('intent', { type: 'string', requiresArg: true, describe: 'What its prompts are for' })
      .option('compliance-notes', {
        type: 'string',
        requiresArg: true,
        describe: 'What an auditor should know',
      }),
  async run({ project, description, author, intent, 'compliance-notes': complianceNotes }, context) {
    const draft = { project, description, author, intent, complianceNotes };
    const made = await createProject(context, draft);
    return { value: made, text: style => createdProjectText(made, style) };
  },
});
