import type { PackageName } from '../../core/name.js';
import { aliasFor, connect, type ProtocolMemory, type Registry } from '../../registry/index.js';
import type { Metadata } from '../../store/index.js';
import type { Context } from '../context.js';
import { cachedAnswer, type PackageAnswer } from '../registry/cached-packages.js';
import type { Reach } from './reach.js';

/** What is asked again after so many milliseconds: whoever browses comes back to the same packages. */
const FRESH_MS = 30_000;
/** Packages that are kept at hand. */
const MAX_KEPT = 500;

export interface BrowsePackuments {
  /** The registry that a name comes from. */
  registry(name: PackageName): Registry;
  /** The registry that is searched. */
  readonly searched: Registry;
  /** @throws PrompdError EOFFLINE when only the cache may be asked, and does not have it */
  answer(name: PackageName): Promise<PackageAnswer>;
}

export interface PackumentOptions {
  readonly metadata: Metadata;
  readonly reach: Reach;
  /** Alias of the registry that is searched. */
  readonly searched: string;
}

/** Packuments with all that people read of them: from the registries, and where these cannot be reached from the cache. */
export function browsePackuments(
  context: Context,
  { metadata, reach, searched }: PackumentOptions,
): BrowsePackuments {
  const protocols: ProtocolMemory = {
    recall: url => metadata.protocol(url),
    learn: (url, protocol) => metadata.saveProtocol(url, protocol),
  };
  const registries = new Map<string, Registry>();
  const registryOf = (alias: string): Registry => {
    const known = registries.get(alias) ?? connect({ ...context, protocols, isForPeople: true }, alias);
    registries.set(alias, known);
    return known;
  };
  const registry = (name: PackageName) => registryOf(aliasFor(context.config, name));
  const kept = new Map<PackageName, { readonly at: number; readonly answer: Promise<PackageAnswer> }>();

  const cached = async (name: PackageName) => cachedAnswer(metadata, registry(name).url, name);

  const asked = async (name: PackageName): Promise<PackageAnswer> => {
    const from = registry(name);
    const answer = await from.packument(name);
    if (answer.kind !== 'fresh') throw new TypeError('a request without an etag cannot be unchanged');
    const { packument, body, etag } = answer;
    const fetchedAt = context.now().getTime();
    metadata.savePackuments([{ registry: from.url, name, body, etag, fetchedAt }]);
    return { packument, body };
  };

  return {
    registry,
    searched: registryOf(searched),
    answer(name) {
      const at = context.now().getTime();
      const known = kept.get(name);
      if (known && at - known.at < FRESH_MS) return known.answer;
      const answer = reach.run(
        () => asked(name),
        () => cached(name),
      );
      kept.delete(name);
      kept.set(name, { at, answer });
      answer.catch(() => kept.delete(name));
      const oldest = kept.keys().next();
      if (kept.size > MAX_KEPT && !oldest.done) kept.delete(oldest.value);
      return answer;
    },
  };
}
