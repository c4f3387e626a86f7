import { grantRoles } from '../ops/registry/member.js';
import { grantChangeText } from '../output/project.js';
import { defineCommand } from './command.js';

export default defineCommand({
  options: yargs =>
    yargs
      .positional('project', { type: 'string', demandOption: true, describe: 'Its scope, as in @bank' })
      .positional('user', { type: 'string', demandOption: true, describe: 'Name of the user' })
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
      .option('reason', { type: 'string', requiresArg: true, describe: 'Why, for the audit' }),
  repeatable: ['role', 'function'],
  async run({ project, user: subject, role: roles, function: functions = [], reason }, context) {
    const result = await grantRoles(context, project, {
      subject,
      roles,
      functions,
      package: undefined,
      reason,
    });
    return { value: result, text: style => grantChangeText('now has the role', result, style) };
  },
});
