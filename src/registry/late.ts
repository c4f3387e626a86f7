import type { Registry } from './registry.js';

/**
 * A registry whose kind is found out at the first request: until then nothing is sent.
 * @param open called once
 */
export function lateRegistry(
  { alias, url }: Pick<Registry, 'alias' | 'url'>,
  open: () => Promise<Registry>,
): Registry {
  let opened: Promise<Registry> | undefined;
  const registry = () => {
    opened ??= open();
    return opened;
  };
  return {
    alias,
    url,
    packument: async (...args) => (await registry()).packument(...args),
    archive: async (...args) => (await registry()).archive(...args),
    publish: async (...args) => (await registry()).publish(...args),
    search: async (...args) => (await registry()).search(...args),
    advisories: async (...args) => (await registry()).advisories(...args),
    login: async (...args) => (await registry()).login(...args),
    changes: {
      moveTag: async (...args) => (await registry()).changes.moveTag(...args),
      tagMoves: async (...args) => (await registry()).changes.tagMoves(...args),
      configure: async (...args) => (await registry()).changes.configure(...args),
      unpublish: async (...args) => (await registry()).changes.unpublish(...args),
      owners: async (...args) => (await registry()).changes.owners(...args),
      addOwner: async (...args) => (await registry()).changes.addOwner(...args),
      removeOwner: async (...args) => (await registry()).changes.removeOwner(...args),
      dependents: async (...args) => (await registry()).changes.dependents(...args),
    },
    whoami: async (...args) => (await registry()).whoami(...args),
  };
}
