import { type Clock, PrompdError } from 'prompd/core';
import type { Actor } from '../domain/actor.js';
import type { Authorize } from '../domain/authorize.js';
import {
  assertFunctions,
  type Grant,
  type Member,
  type Team,
  type TeamMember,
  teamNotFound,
} from '../domain/project.js';
import type { MemberRepository, NewGrant, ProjectChange } from '../ports/project-repository.js';
import { projectChange } from './projects.js';
import type { TokenService } from './tokens.js';

export interface MemberPorts {
  readonly members: MemberRepository;
  readonly tokens: Pick<TokenService, 'hasUser'>;
  readonly authorize: Authorize;
  readonly now: Clock;
}

/** Who changes, in which project, and why. */
export interface By {
  readonly actor: Actor;
  readonly scope: string;
  readonly reason?: string | undefined;
}

/**
 * Says who is what in a project. What it says holds with the next request: nothing of it is kept in memory. Whether the
 * caller may is decided before, and once more under the lock on the project.
 */
export class MemberService {
  readonly #ports: MemberPorts;

  constructor(ports: MemberPorts) {
    this.#ports = ports;
  }

  list(scope: string, page: { limit: number; offset: number }): Promise<readonly Member[]> {
    return this.#ports.members.members(scope, page);
  }

  teams(scope: string): Promise<readonly Team[]> {
    return this.#ports.members.teams(scope);
  }

  /** @throws PrompdError ENOTFOUND */
  async team(scope: string, name: string): Promise<Team & { readonly members: readonly TeamMember[] }> {
    const { members } = this.#ports;
    const team = (await members.teams(scope)).find(one => one.name === name);
    const inIt = await members.teamMembers(scope, name);
    if (!team || !inIt) throw teamNotFound(scope, name);
    return { ...team, members: inIt };
  }

  grants(scope: string): Promise<readonly Grant[]> {
    return this.#ports.members.grants(scope);
  }

  /** @throws PrompdError ETAKEN */
  async addTeam(by: By, team: { name: string; description: string }): Promise<void> {
    await this.#ports.members.addTeam(by.scope, team, this.#change(by));
  }

  /** @throws PrompdError ENOTFOUND; EUSAGE when no admin would be left */
  async removeTeam(by: By, team: string): Promise<void> {
    await this.#ports.members.removeTeam(by.scope, team, this.#change(by));
  }

  /** @throws PrompdError ENOUSER, ENOTFOUND */
  async addTeamMember(by: By, to: { team: string; user: string }): Promise<void> {
    await this.#assertUser(to.user);
    await this.#ports.members.addTeamMember(by.scope, to, this.#change(by));
  }

  /** @throws PrompdError ENOUSER, ENOTFOUND; EUSAGE when no admin would be left */
  async removeTeamMember(by: By, from: { team: string; user: string }): Promise<void> {
    await this.#ports.members.removeTeamMember(by.scope, from, this.#change(by));
  }

  /** @throws PrompdError ENOUSER, ENOTFOUND for an unknown team; EUSAGE for functions of who does not approve */
  async grant(by: By, grant: NewGrant): Promise<Grant> {
    assertFunctions(grant.role, grant.functions);
    if (grant.subject.kind === 'user') await this.#assertUser(grant.subject.name);
    return this.#ports.members.grant(by.scope, grant, this.#change(by));
  }

  /** @throws PrompdError ENOTFOUND; EUSAGE when no admin would be left */
  async revoke(by: By, id: number): Promise<void> {
    await this.#ports.members.revoke(by.scope, id, this.#change(by));
  }

  /** @throws PrompdError ENOUSER; EUSAGE when no admin would be left */
  async remove(by: By, user: string): Promise<void> {
    await this.#ports.members.removeMember(by.scope, user, this.#change(by));
  }

  /** Only users who can act get roles: none may wait for whoever takes a mistyped name. */
  async #assertUser(user: string): Promise<void> {
    if (await this.#ports.tokens.hasUser(user)) return;
    throw new PrompdError('ENOUSER', `There is no user ${user} who could sign in at this registry.`, {
      facts: { user },
      hint: 'Check the name. Somebody who is new first gets a password or a token, or links an account elsewhere.',
    });
  }

  #change({ actor, scope, reason }: By): ProjectChange {
    return projectChange(this.#ports, actor, { scope, action: 'project.administer', reason });
  }
}
