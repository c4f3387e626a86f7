/** A scope that has members: roles decide over its packages, not owners. Times are ISO. */
export interface ProjectInfo {
  /** `@bank` */
  readonly project: string;
  readonly description: string;
  readonly author: string;
  readonly intent: string;
  readonly complianceNotes: string;
  readonly createdBy: string;
  readonly createdAt: string;
  /** Null while it is not archived. */
  readonly archivedAt: string | null;
}

export interface ShownProject extends ProjectInfo {
  /** What who asks is in it. */
  readonly you: { readonly roles: readonly string[]; readonly functions: readonly string[] };
}

export interface MadeProject extends ProjectInfo {
  /** Packages of the scope that were there: roles decide over them from then on. */
  readonly packages: { readonly count: number; readonly names: readonly string[] };
  /** What comes of it, in words. */
  readonly note: string;
}

export interface ProjectDraft {
  readonly project: string;
  readonly description?: string | undefined;
  readonly author?: string | undefined;
  readonly intent?: string | undefined;
  readonly complianceNotes?: string | undefined;
}

/** To whom a role is given: one of the two. */
export interface GrantSubject {
  readonly user?: string | undefined;
  readonly team?: string | undefined;
}

export interface Grant extends GrantSubject {
  readonly id: number;
  readonly role: string;
  readonly functions: readonly string[];
  /** Null for the whole project. */
  readonly package: string | null;
  readonly grantedBy: string;
  readonly grantedAt: string;
}

export interface GrantDraft extends GrantSubject {
  readonly role: string;
  readonly functions: readonly string[];
  readonly package?: string | undefined;
  readonly reason?: string | undefined;
}

export interface MemberRole extends Pick<Grant, 'role' | 'functions' | 'package'> {
  /** The team by which it is; null for their own. */
  readonly team: string | null;
}

export interface Member {
  readonly user: string;
  readonly roles: readonly MemberRole[];
}

export interface Team {
  readonly name: string;
  readonly description: string;
  /** How many are in it. */
  readonly size: number;
}

export interface ShownTeam extends Team {
  readonly members: readonly { readonly user: string; readonly addedBy: string; readonly addedAt: string }[];
}

/** The projects of a registry. Each method throws as those of `Registry` do, ENOTFOUND, and EUNSUPPORTED. */
export interface RegistryProjects {
  /** @throws PrompdError ETAKEN */
  create(draft: ProjectDraft): Promise<MadeProject>;
  /** Those of who asks; for admins of the registry all. */
  list(): Promise<readonly ProjectInfo[]>;
  show(project: string): Promise<ShownProject>;
  archive(
    project: string,
    change: { readonly archived: boolean; readonly reason: string | undefined },
  ): Promise<ProjectInfo>;
  members(project: string): Promise<readonly Member[]>;
  /** @throws PrompdError ENOUSER; EUSAGE for the last admin, as all that takes a role away */
  removeMember(project: string, user: string, reason: string | undefined): Promise<void>;
  grants(project: string): Promise<readonly Grant[]>;
  /** @throws PrompdError ENOUSER */
  grant(project: string, grant: GrantDraft): Promise<Grant>;
  revoke(project: string, id: number, reason: string | undefined): Promise<void>;
  teams(project: string): Promise<readonly Team[]>;
  team(project: string, team: string): Promise<ShownTeam>;
  /** @throws PrompdError ETAKEN */
  addTeam(project: string, team: { readonly name: string; readonly description: string }): Promise<void>;
  removeTeam(project: string, team: string): Promise<void>;
  /** @throws PrompdError ENOUSER */
  addTeamMember(project: string, to: { readonly team: string; readonly user: string }): Promise<ShownTeam>;
  /** @throws PrompdError ENOUSER */
  removeTeamMember(
    project: string,
    from: { readonly team: string; readonly user: string },
  ): Promise<ShownTeam>;
}

/** The projects of a kind of registry that has none. @param refuse throws EUNSUPPORTED */
export function noProjects(refuse: () => Promise<never>): RegistryProjects {
  return {
    create: refuse,
    list: refuse,
    show: refuse,
    archive: refuse,
    members: refuse,
    removeMember: refuse,
    grants: refuse,
    grant: refuse,
    revoke: refuse,
    teams: refuse,
    team: refuse,
    addTeam: refuse,
    removeTeam: refuse,
    addTeamMember: refuse,
    removeTeamMember: refuse,
  };
}
