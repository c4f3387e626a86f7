import { isRegistrySource } from '../../core/package-key.js';
import type { Context } from '../context.js';
import type { CarriedArchives } from './carried-archives.js';
import type { Suppliers } from './suppliers.js';
import type { WantedPackage } from './wanted-package.js';

/** One archive by itself costs the same without a batch. */
const WORTH_A_BATCH = 2;

/**
 * Begins to fetch what is wanted and not in the cache, many archives in one answer where their registry can.
 * @param wanted in the order in which they will be obtained
 */
export async function carryWanted(
  { config }: Context,
  wanted: readonly WantedPackage[],
  { store, source, log }: Pick<Suppliers, 'store' | 'source' | 'log'>,
): Promise<Pick<CarriedArchives, 'take' | 'close'>> {
  const isCached = await Promise.all(wanted.map(({ integrity }) => store.cache.has(integrity)));
  const byRegistry = new Map<string, WantedPackage[]>();
  for (const [at, item] of wanted.entries()) {
    if (isCached[at] || !isRegistrySource(item.source) || source.sourceOf(item.name) !== item.source)
      continue;
    const some = byRegistry.get(item.source);
    if (some) some.push(item);
    else byRegistry.set(item.source, [item]);
  }
  const carriers = new Map<string, CarriedArchives>();
  for (const [alias, items] of byRegistry) {
    // Before the archives, which may take the only connection there is. Who obtains one hears what the log says.
    log.announce(items);
    for (const item of items) void log.assertLogged(item, source.registry(item.name));
    const carrier =
      items.length < WORTH_A_BATCH ? undefined : source.carry(items, config.network.maxArchiveBytes);
    if (carrier) carriers.set(alias, carrier);
  }
  return {
    take: async wish => carriers.get(source.sourceOf(wish.name))?.take(wish),
    close() {
      for (const carrier of carriers.values()) carrier.close();
    },
  };
}
