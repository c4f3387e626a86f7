import type { Clock } from 'prompd/core';
import { type Actor, hasScope, userOf, viewerOf } from '../domain/actor.js';
import { type Action, type Authorize, projectNotFound } from '../domain/authorize.js';
import type { Project, ProjectText, ProjectTextChanges } from '../domain/project.js';
import type { Standing } from '../domain/role.js';
import { stampOf } from '../domain/stamp.js';
import type { MadeProject, ProjectChange, ProjectRepository } from '../ports/project-repository.js';

export interface ProjectPorts {
  readonly projects: ProjectRepository;
  readonly authorize: Authorize;
  readonly now: Clock;
}

/** Makes projects of scopes, and keeps what is written about them. */
export class ProjectService {
  readonly #ports: ProjectPorts;

  constructor(ports: ProjectPorts) {
    this.#ports = ports;
  }

  /** What who asks is in a project, as it is now; undefined where there is none. */
  standing(actor: Actor, scope: string): Promise<Standing | undefined> {
    return this.#ports.projects.standing(scope, viewerOf(actor).user);
  }

  /**
   * Makes a project. Who does becomes its admin and its editor. Packages of others in the scope stop all but an admin of
   * the registry.
   * @throws PrompdError ETAKEN, EFORBIDDEN
   */
  create(actor: Actor, scope: string, text: ProjectText): Promise<MadeProject> {
    const { projects, now } = this.#ports;
    const stamp = stampOf(actor, now());
    return projects.create({ scope, text, stamp, takesOver: hasScope(actor, 'admin') });
  }

  /** Those of which the caller is a member; for admins of the registry all. */
  list(actor: Actor, page: { limit: number; offset: number }): Promise<readonly Project[]> {
    const member = hasScope(actor, 'admin') ? undefined : userOf(actor);
    return this.#ports.projects.list({ ...page, member });
  }

  /** @throws PrompdError ENOTFOUND */
  async find(scope: string): Promise<Project> {
    const found = await this.#ports.projects.find(scope);
    if (!found) throw projectNotFound(scope);
    return found;
  }

  /**
   * @param expected the revisions from which the caller starts; undefined for any
   * @throws PrompdError ECHANGED, EFORBIDDEN for one that is archived
   */
  change(
    actor: Actor,
    scope: string,
    changes: { text: ProjectTextChanges; expected: readonly number[] | undefined },
  ): Promise<Project> {
    return this.#ports.projects.change(scope, changes, this.#by(actor, scope));
  }

  /** @throws PrompdError ECHANGED */
  archive(
    actor: Actor,
    scope: string,
    {
      reason,
      ...change
    }: { archived: boolean; expected: readonly number[] | undefined; reason?: string | undefined },
  ): Promise<Project> {
    return this.#ports.projects.archive(scope, change, this.#by(actor, scope, reason));
  }

  #by(actor: Actor, scope: string, reason?: string): ProjectChange {
    return projectChange(this.#ports, actor, { scope, action: 'project.administer', reason });
  }
}

/** Who changes a project, and what decides once more under its lock whether they may. */
export function projectChange(
  { authorize, now }: { authorize: Authorize; now: Clock },
  actor: Actor,
  { scope, action, reason }: { scope: string; action: Action; reason: string | undefined },
): ProjectChange {
  return {
    stamp: stampOf(actor, now(), reason),
    authorize: standing => authorize(actor, action, { kind: 'project', scope, standing }),
  };
}
