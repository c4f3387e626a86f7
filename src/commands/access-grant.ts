import { grantRoles } from '../ops/registry/member.js';
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
        demandOption: true,
        describe: 'What they are to be',
      })
      .option('function', {
        choices: ['business', 'risk', 'validator'] as const,
        array: true,
        requiresArg: true,
        describe: 'For whom an approver speaks',
      })
      .option('package', { type: 'string', requiresArg: true, describe: 'For this package alone' })
      .option('reason', { type: 'string', requiresArg: true, describe: 'Why, for the audit' }),
  repeatable: ['role', 'function'],
  async run({ project, subject, role: roles, function: functions = [], package: name, reason }, context) {
    const result = await grantRoles(context, project, { subject, roles, functions, package: name, reason });
    return { value: result, text: style => grantChangeText('now has the role', result, style) };
  },
});
