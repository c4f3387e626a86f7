import type { Selectable } from 'kysely';
import type { Grant, Project } from '../domain/project.js';
import { APPROVER_FUNCTIONS, type ApproverFunction, ROLES, type Role } from '../domain/role.js';
import type { GrantsTable, ProjectsTable } from './database-schema.js';

export function projectOf(row: Selectable<ProjectsTable>): Project {
  return {
    scope: row.scope,
    description: row.description,
    author: row.author,
    intent: row.intent,
    complianceNotes: row.compliance_notes,
    revision: row.revision,
    createdBy: row.created_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    archivedAt: row.archived_at,
  };
}

export function grantOf(row: Selectable<GrantsTable>): Grant {
  return {
    id: row.id,
    subject: { kind: row.subject_kind === 'team' ? 'team' : 'user', name: row.subject },
    role: roleFrom(row.role),
    functions: functionsFrom(row.functions),
    package: row.package,
    grantedBy: row.granted_by,
    grantedAt: row.granted_at,
  };
}

export function roleFrom(raw: string): Role {
  const role = ROLES.find(known => known === raw);
  if (role === undefined) throw new Error(`the database has a role "${raw}"`);
  return role;
}

export function functionsFrom(raw: readonly string[]): ApproverFunction[] {
  return APPROVER_FUNCTIONS.filter(known => raw.includes(known));
}
