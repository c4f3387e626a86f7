import type { ErrorCode } from '../core/error-table.js';
import { PrompdError } from '../core/errors.js';
import type { Registry, RegistryBatch } from './registry.js';

/** What is thrown where something else may answer at the address by now. */
const FOREIGN: readonly ErrorCode[] = ['EBADRESPONSE', 'EOTHERPACKAGE', 'EREDIRECT'];

/**
 * A registry whose kind is found out at the first request: until then nothing is sent.
 * @param open called once; @param onForeign told when an answer was none of the registry's kind
 */
export function lateRegistry(
  { alias, url }: Pick<Registry, 'alias' | 'url'>,
  open: () => Promise<Registry>,
  onForeign: () => void,
): Registry {
  let opened: Promise<Registry> | undefined;
  const ask = async <T>(run: (registry: Registry) => Promise<T>): Promise<T> => {
    opened ??= open();
    try {
      return await run(await opened);
    } catch (error) {
      if (error instanceof PrompdError && FOREIGN.includes(error.code)) onForeign();
      throw error;
    }
  };
  return {
    alias,
    url,
    packument: (...args) => ask(registry => registry.packument(...args)),
    archive: (...args) => ask(registry => registry.archive(...args)),
    batch: () => ask(async registry => guarded(await registry.batch?.(), onForeign)),
    publish: (...args) => ask(registry => registry.publish(...args)),
    search: (...args) => ask(registry => registry.search(...args)),
    keys: () => ask(registry => registry.keys()),
    advisories: (...args) => ask(registry => registry.advisories(...args)),
    log: (...args) => ask(registry => registry.log(...args)),
    login: (...args) => ask(registry => registry.login(...args)),
    changes: {
      moveTag: (...args) => ask(({ changes }) => changes.moveTag(...args)),
      tagMoves: (...args) => ask(({ changes }) => changes.tagMoves(...args)),
      configure: (...args) => ask(({ changes }) => changes.configure(...args)),
      unpublish: (...args) => ask(({ changes }) => changes.unpublish(...args)),
      owners: (...args) => ask(({ changes }) => changes.owners(...args)),
      addOwner: (...args) => ask(({ changes }) => changes.addOwner(...args)),
      removeOwner: (...args) => ask(({ changes }) => changes.removeOwner(...args)),
      dependents: (...args) => ask(({ changes }) => changes.dependents(...args)),
      impact: (...args) => ask(({ changes }) => changes.impact(...args)),
    },
    advisoryDesk: {
      publish: (...args) => ask(({ advisoryDesk }) => advisoryDesk.publish(...args)),
      list: name => ask(({ advisoryDesk }) => advisoryDesk.list(name)),
      find: id => ask(({ advisoryDesk }) => advisoryDesk.find(id)),
      withdraw: (...args) => ask(({ advisoryDesk }) => advisoryDesk.withdraw(...args)),
    },
    tokens: {
      list: () => ask(({ tokens }) => tokens.list()),
      create: request => ask(({ tokens }) => tokens.create(request)),
      revoke: id => ask(({ tokens }) => tokens.revoke(id)),
    },
    projects: {
      create: (...args) => ask(({ projects }) => projects.create(...args)),
      list: (...args) => ask(({ projects }) => projects.list(...args)),
      show: (...args) => ask(({ projects }) => projects.show(...args)),
      archive: (...args) => ask(({ projects }) => projects.archive(...args)),
      members: (...args) => ask(({ projects }) => projects.members(...args)),
      removeMember: (...args) => ask(({ projects }) => projects.removeMember(...args)),
      grants: (...args) => ask(({ projects }) => projects.grants(...args)),
      grant: (...args) => ask(({ projects }) => projects.grant(...args)),
      revoke: (...args) => ask(({ projects }) => projects.revoke(...args)),
      teams: (...args) => ask(({ projects }) => projects.teams(...args)),
      team: (...args) => ask(({ projects }) => projects.team(...args)),
      addTeam: (...args) => ask(({ projects }) => projects.addTeam(...args)),
      removeTeam: (...args) => ask(({ projects }) => projects.removeTeam(...args)),
      addTeamMember: (...args) => ask(({ projects }) => projects.addTeamMember(...args)),
      removeTeamMember: (...args) => ask(({ projects }) => projects.removeTeamMember(...args)),
    },
    channels: {
      show: (...args) => ask(({ channels }) => channels.show(...args)),
      split: (...args) => ask(({ channels }) => channels.split(...args)),
      unsplit: (...args) => ask(({ channels }) => channels.unsplit(...args)),
      feedback: (...args) => ask(({ channels }) => channels.feedback(...args)),
    },
    audit: {
      page: (...args) => ask(({ audit }) => audit.page(...args)),
      sign: (...args) => ask(({ audit }) => audit.sign(...args)),
      checkpoints: (...args) => ask(({ audit }) => audit.checkpoints(...args)),
    },
    trust: {
      add: (...args) => ask(({ trust }) => trust.add(...args)),
      list: place => ask(({ trust }) => trust.list(place)),
      remove: (...args) => ask(({ trust }) => trust.remove(...args)),
      exchange: (...args) => ask(({ trust }) => trust.exchange(...args)),
    },
    governance: {
      approvals: query => ask(({ governance }) => governance.approvals(query)),
      approval: id => ask(({ governance }) => governance.approval(id)),
      archive: (...args) => ask(({ governance }) => governance.archive(...args)),
      decide: (...args) => ask(({ governance }) => governance.decide(...args)),
      withdraw: (...args) => ask(({ governance }) => governance.withdraw(...args)),
      changeTier: (...args) => ask(({ governance }) => governance.changeTier(...args)),
      delegate: (...args) => ask(({ governance }) => governance.delegate(...args)),
      delegations: project => ask(({ governance }) => governance.delegations(project)),
      endDelegation: (...args) => ask(({ governance }) => governance.endDelegation(...args)),
      promote: (...args) => ask(({ governance }) => governance.promote(...args)),
      scheduled: name => ask(({ governance }) => governance.scheduled(name)),
      unschedule: (...args) => ask(({ governance }) => governance.unschedule(...args)),
      rollBack: (...args) => ask(({ governance }) => governance.rollBack(...args)),
      breakGlass: (...args) => ask(({ governance }) => governance.breakGlass(...args)),
      revoke: (...args) => ask(({ governance }) => governance.revoke(...args)),
      policy: scope => ask(({ governance }) => governance.policy(scope)),
      setPolicy: (...args) => ask(({ governance }) => governance.setPolicy(...args)),
    },
    webhooks: {
      create: draft => ask(({ webhooks }) => webhooks.create(draft)),
      list: () => ask(({ webhooks }) => webhooks.list()),
      remove: id => ask(({ webhooks }) => webhooks.remove(id)),
      rotate: (...args) => ask(({ webhooks }) => webhooks.rotate(...args)),
      enable: (...args) => ask(({ webhooks }) => webhooks.enable(...args)),
      deliveries: id => ask(({ webhooks }) => webhooks.deliveries(id)),
      test: id => ask(({ webhooks }) => webhooks.test(id)),
    },
    compatibility: {
      matrix: (...args) => ask(({ compatibility }) => compatibility.matrix(...args)),
      report: (...args) => ask(({ compatibility }) => compatibility.report(...args)),
      start: (...args) => ask(({ compatibility }) => compatibility.start(...args)),
      runs: (...args) => ask(({ compatibility }) => compatibility.runs(...args)),
      run: id => ask(({ compatibility }) => compatibility.run(id)),
      cancel: id => ask(({ compatibility }) => compatibility.cancel(id)),
    },
    users: {
      list: text => ask(({ users }) => users.list(text)),
      find: name => ask(({ users }) => users.find(name)),
      create: draft => ask(({ users }) => users.create(draft)),
      change: (...args) => ask(({ users }) => users.change(...args)),
      sessions: name => ask(({ users }) => users.sessions(name)),
      endSessions: (...args) => ask(({ users }) => users.endSessions(...args)),
    },
    whoami: (...args) => ask(registry => registry.whoami(...args)),
  };
}

function guarded(batch: RegistryBatch | undefined, onForeign: () => void): RegistryBatch | undefined {
  return (
    batch && {
      packuments: request => told(batch.packuments(request), onForeign),
      archives: request => told(batch.archives(request), onForeign),
    }
  );
}

async function* told<T>(entries: AsyncIterable<T>, onForeign: () => void): AsyncGenerator<T, void> {
  try {
    yield* entries;
  } catch (error) {
    if (error instanceof PrompdError && FOREIGN.includes(error.code)) onForeign();
    throw error;
  }
}
