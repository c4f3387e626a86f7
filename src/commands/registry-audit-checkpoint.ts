import { signAudit } from '../ops/registry/registry-audit.js';
import { checkpointText } from '../output/registry-audit.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs.positional('project', {
      type: 'string',
      describe: 'Its scope, as in @bank; what belongs to no project by default',
    }),
  async run({ project }, context) {
    const signed = await signAudit(context, project);
    return { value: signed, text: style => checkpointText(signed, style) };
  },
});
