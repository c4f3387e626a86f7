/** What a member of a project is. Not a ladder: an approver does not edit, and an admin does not approve. */
export const ROLES = ['viewer', 'editor', 'approver', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** For whom an approver speaks. */
export const APPROVER_FUNCTIONS = ['business', 'risk', 'validator'] as const;
export type ApproverFunction = (typeof APPROVER_FUNCTIONS)[number];

/** What a role lets its member do. */
export type Permission = 'read' | 'edit' | 'approve' | 'steer' | 'administer';

const PERMISSIONS: Readonly<Record<Role, readonly Permission[]>> = {
  viewer: ['read'],
  editor: ['read', 'edit', 'steer'],
  approver: ['read', 'approve', 'steer'],
  admin: ['read', 'administer'],
};

/** What somebody is in a project: the roles of their own and of their teams, for the project or for one package of it. */
export interface Standing {
  /** `@bank` */
  readonly scope: string;
  readonly archived: boolean;
  /** Empty for an outsider. */
  readonly roles: readonly Role[];
  readonly functions: readonly ApproverFunction[];
}

/** Whether one of the roles lets them. */
export function permits({ roles }: Pick<Standing, 'roles'>, permission: Permission): boolean {
  return roles.some(role => PERMISSIONS[role].includes(permission));
}

/** The roles that let somebody do it, in words. */
export function rolesFor(permission: Permission): readonly Role[] {
  return ROLES.filter(role => PERMISSIONS[role].includes(permission));
}
