import { listGrants } from '../ops/registry/member.js';
import { grantsText } from '../output/project.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('project', { type: 'string', demandOption: true, describe: 'Its scope, as in @bank' }),
  async run({ project }, context) {
    const result = await listGrants(context, project);
    return { value: result, text: style => grantsText(result, style) };
  },
});
