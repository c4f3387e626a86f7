import { removeMember } from '../ops/registry/member.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('project', { type: 'string', demandOption: true, describe: 'Its scope, as in @bank' })
      .positional('user', { type: 'string', demandOption: true, describe: 'Name of the user' })
      .option('reason', { type: 'string', requiresArg: true, describe: 'Why, for the audit' }),
  async run({ project, user, reason }, context) {
    const gone = await removeMember(context, project, { user, reason });
    return {
      value: gone,
      text: style => `${style.strong(gone.user)} is no member of ${style.name(gone.project)} any more`,
    };
  },
});
