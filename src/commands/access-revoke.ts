import { revokeRoles } from '../ops/registry/member.js';
import { grantChangeText } from '../output/project.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('project', { type: 'string', demandOption: true, describe: 'Its scope, as in @bank' })
      .positional('subject', {
        type: 'string',
        demandOption: true,
        describe: 'A user, or a team as @bank:risk',
      })
      .option('role', {
        choices: ['viewer', 'editor', 'approver', 'admin'] as const,
        array: true,
        requiresArg: true,
        describe: 'What they are not to be any more; all by default',
      })
      .option('package', {
        type: 'string',
        requiresArg: true,
        describe: 'What was given for this package alone',
      })
      .option('reason', { type: 'string', requiresArg: true, describe: 'Why, for the audit' }),
  repeatable: ['role'],
  async run({ project, subject, role: roles = [], package: name, reason }, context) {
    const result = await revokeRoles(context, project, { subject, roles, package: name, reason });
    return { value: result, text: style => grantChangeText('no longer has the role', result, style) };
  },
});
