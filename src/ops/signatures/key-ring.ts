import type { NetworkConfig } from '../../config/config.js';
import { keyMemory } from '../../config/known-keys.js';
import { PrompdError } from '../../core/errors.js';
import type { Registry } from '../../registry/index.js';
import type { TrustedKey } from '../../verify/index.js';
import type { Context } from '../context.js';

/** Keys of registries by their ids, each list asked for at most once. */
export interface KeyRing {
  /**
   * @param keyids the keys that are needed: a list without one of them is asked for anew
   * @returns undefined when the registry gives no keys
   * @throws PrompdError EKEYCHANGED; EOFFLINE when nothing may be asked and nothing is remembered
   */
  keysOf(registry: Registry, keyids: readonly string[]): Promise<ReadonlyMap<string, TrustedKey> | undefined>;
}

type Keys = ReadonlyMap<string, TrustedKey>;

/** How long a list of keys is believed before it is asked for again, in milliseconds: so long a key that was ended may still count. */
const FRESH_MS = 3600 * 1000;

/** @param use whether registries may be asked */
export function keyRing({ config, now }: Context, use: NetworkConfig['use']): KeyRing {
  const memory = keyMemory(config.home);
  const recalled = new Map<string, Promise<Keys | undefined>>();
  const asked = new Map<string, Promise<Keys | undefined>>();

  const recall = async (url: string): Promise<Keys | undefined> => {
    const known = await memory.recall(url);
    if (known === undefined) return undefined;
    const age = now().getTime() - known.seen.getTime();
    const isFresh = use !== 'always' || (age >= 0 && age < FRESH_MS);
    return isFresh ? byId(known.keys) : undefined;
  };

  const ask = async (registry: Registry): Promise<Keys | undefined> => {
    const { url } = registry;
    const listed = await registry.keys();
    // A registry that was seen with keys does not lose them.
    if (listed === undefined && (await memory.recall(url)) === undefined) return undefined;
    return byId(await memory.learn(url, listed ?? [], now()));
  };

  return {
    async keysOf(registry, keyids) {
      const { url } = registry;
      const known = await once(recalled, url, () => recall(url));
      if (known !== undefined && keyids.every(keyid => known.has(keyid))) return known;
      if (use !== 'never') return once(asked, url, () => ask(registry));
      if (known !== undefined) return known;
      throw new PrompdError('EOFFLINE', `The keys of ${url} are not known, and it may not be asked.`, {
        facts: { registry: url },
        hint: 'Run the command once without --offline.',
      });
    },
  };
}

function byId(keys: readonly TrustedKey[]): Keys {
  return new Map(keys.map(key => [key.keyid, key]));
}

function once<T>(made: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = made.get(key) ?? make();
  made.set(key, known);
  return known;
}
