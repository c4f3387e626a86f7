import { z } from 'zod';
import { isScope, isTeamName } from '../domain/project.js';
import { APPROVER_FUNCTIONS, ROLES } from '../domain/role.js';
import { MAX_PAGE } from '../settings.js';
import { count, packageName, text, wholeNumber } from './schemas.js';

/** `bank` and `@bank` are the same project. */
export const projectScope = text(214)
  .transform(raw => (raw.startsWith('@') ? raw : `@${raw}`))
  .refine(isScope, { message: 'is not the scope of packages', params: { problem: 'EBADNAME' } })
  .meta({ description: 'The scope, with or without its `@`', example: 'bank' });

const teamName = z
  .string()
  .refine(isTeamName, 'is not a name of a team: use at most 64 of a-z, 0-9, ".", "_" and "-"')
  .meta({ example: 'risk' });
/** Who it is need not be checked: a user is who the registry knows. */
const member = text(300).min(1).meta({ description: 'A user', example: 'jane' });
const reason = text(500).min(1).optional().meta({ description: 'Why, for the audit' });

export const projectParams = z.strictObject({ project: projectScope });
export const teamParams = z.strictObject({ project: projectScope, team: teamName });
export const teamMemberParams = z.strictObject({ project: projectScope, team: teamName, user: member });
export const memberParams = z.strictObject({ project: projectScope, user: member });
export const grantParams = z.strictObject({ project: projectScope, grant: wholeNumber(2_147_483_647) });

export const pageQuery = z.strictObject({ limit: count(MAX_PAGE, 100), offset: count(1_000_000, 0) });
export const reasonQuery = z.strictObject({ reason });

const metadata = {
  description: text(2000),
  author: text(200),
  intent: text(4000),
  complianceNotes: text(20_000),
};

export const newProjectBody = z
  .strictObject({
    project: projectScope,
    description: metadata.description.default(''),
    author: metadata.author.default(''),
    intent: metadata.intent.default(''),
    complianceNotes: metadata.complianceNotes.default(''),
  })
  .meta({ id: 'NewProject' });

export const projectBody = z
  .strictObject({
    description: metadata.description.optional(),
    author: metadata.author.optional(),
    intent: metadata.intent.optional(),
    complianceNotes: metadata.complianceNotes.optional(),
  })
  .meta({ id: 'ProjectChanges', description: 'What is named is changed.' });

export const reasonBody = z.strictObject({ reason });
export const teamBody = z.strictObject({ name: teamName, description: text(2000).default('') });

export const grantBody = z
  .strictObject({
    user: member.optional(),
    team: teamName.optional(),
    role: z.enum(ROLES),
    functions: z
      .array(z.enum(APPROVER_FUNCTIONS))
      .max(APPROVER_FUNCTIONS.length)
      .default([])
      .transform(all => APPROVER_FUNCTIONS.filter(one => all.includes(one))),
    package: packageName.optional().meta({ description: 'For this package alone, not for the project' }),
    reason,
  })
  .refine(({ user, team }) => (user === undefined) !== (team === undefined), 'must name a user or a team')
  .meta({ id: 'NewGrant' });
