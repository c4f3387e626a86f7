import type {
  Grant,
  Member,
  Project,
  ProjectText,
  ProjectTextChanges,
  Team,
  TeamMember,
} from '../domain/project.js';
import type { Standing } from '../domain/role.js';
import type { Stamp } from '../domain/stamp.js';

/** Who changes a project, and what decides under its lock whether they may. */
export interface ProjectChange {
  readonly stamp: Stamp;
  /** Throws when what they are in the project by then does not let them. */
  readonly authorize: (standing: Standing | undefined) => void;
}

export interface NewProject {
  readonly scope: string;
  readonly text: ProjectText;
  readonly stamp: Stamp;
  /** Whether packages of others in the scope are no obstacle. */
  readonly takesOver: boolean;
}

/** A project that was just made, and the packages over which roles decide from then on. */
export interface MadeProject {
  readonly project: Project;
  readonly grants: readonly Grant[];
  /** How many there are. */
  readonly packages: number;
  /** The names of the first of them. */
  readonly names: readonly string[];
}

export interface ProjectPage {
  /** Whose projects; undefined for all. */
  readonly member: string | undefined;
  readonly limit: number;
  readonly offset: number;
}

export interface ProjectRepository {
  /** What a user is in the project as a whole; undefined where there is no such project. */
  standing(scope: string, user: string | undefined): Promise<Standing | undefined>;
  find(scope: string): Promise<Project | undefined>;
  list(page: ProjectPage): Promise<readonly Project[]>;
  /**
   * Decided under the lock on the scope: of those who publish in it and those who make it a project, one comes first.
   * @throws PrompdError ETAKEN, EFORBIDDEN where packages belong to others
   */
  create(project: NewProject): Promise<MadeProject>;
  /**
   * Changes what is named.
   * @param expected the revisions from which the caller starts; undefined for any
   * @throws PrompdError ENOTFOUND, ECHANGED, EFORBIDDEN
   */
  change(
    scope: string,
    changes: { text: ProjectTextChanges; expected: readonly number[] | undefined },
    by: ProjectChange,
  ): Promise<Project>;
  /** @throws PrompdError as {@link change} does */
  archive(
    scope: string,
    change: { archived: boolean; expected: readonly number[] | undefined },
    by: ProjectChange,
  ): Promise<Project>;
}

export type NewGrant = Pick<Grant, 'subject' | 'role' | 'functions' | 'package'>;

/** Each change: @throws PrompdError ENOTFOUND, EFORBIDDEN; EUSAGE when no admin would be left. */
export interface MemberRepository {
  members(
    scope: string,
    page: { readonly limit: number; readonly offset: number },
  ): Promise<readonly Member[]>;
  teams(scope: string): Promise<readonly Team[]>;
  /** @returns undefined where there is no such team */
  teamMembers(scope: string, team: string): Promise<readonly TeamMember[] | undefined>;
  grants(scope: string): Promise<readonly Grant[]>;
  /** @throws PrompdError ETAKEN */
  addTeam(scope: string, team: { name: string; description: string }, by: ProjectChange): Promise<void>;
  /** With all that was given to it. */
  removeTeam(scope: string, team: string, by: ProjectChange): Promise<void>;
  addTeamMember(scope: string, to: { team: string; user: string }, by: ProjectChange): Promise<void>;
  /** @throws PrompdError ENOUSER */
  removeTeamMember(scope: string, from: { team: string; user: string }, by: ProjectChange): Promise<void>;
  /** Gives a role; to who has it already the functions, in place of those that they had. */
  grant(scope: string, grant: NewGrant, by: ProjectChange): Promise<Grant>;
  revoke(scope: string, id: number, by: ProjectChange): Promise<void>;
  /** Takes away all that somebody has in the project, by themselves and by teams. @throws PrompdError ENOUSER */
  removeMember(scope: string, user: string, by: ProjectChange): Promise<void>;
}
