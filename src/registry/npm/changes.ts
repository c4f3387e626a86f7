import type { PackageName } from '../../core/name.js';
import type { Version } from '../../core/version.js';
import { jsonLimits } from '../json-limits.js';
import type { RegistryChanges, VersionChanges } from '../registry.js';
import { changeDocument, unsupported } from './document.js';
import { npmError } from './error.js';
import { addOwner, owners, removeOwner } from './owners.js';
import type { Place } from './place.js';
import { noVersion, unpublish } from './unpublish.js';

/**
 * What is changed at an npm registry: tags by requests of their own, the rest by rewriting the document of a package.
 * @see https://github.com/npm/registry/blob/main/docs/REGISTRY-API.md
 */
export function npmChanges(place: Place): RegistryChanges {
  return {
    moveTag: (name, tag, version) => moveTag(place, { name, tag, version }),
    async tagMoves() {
      throw unsupported(
        'see where tags were before',
        place.url,
        '"prompd dist-tag ls" shows where tags are now. A prompd registry keeps every move.',
      );
    },
    configure: (name, changes) => configure(place, name, changes),
    unpublish: (name, version) => unpublish(place, name, version),
    owners: name => owners(place, name),
    addOwner: (name, user) => addOwner(place, name, user),
    removeOwner: (name, user) => removeOwner(place, name, user),
    dependents: async () => undefined,
    async impact() {
      throw unsupported(
        'see what a version would hit',
        place.url,
        'An npm registry does not tell who depends on a package; a prompd registry does.',
      );
    },
  };
}

async function moveTag(
  { http, url: registryUrl }: Place,
  { name, tag, version }: { name: PackageName; tag: string; version: Version | null },
): Promise<void> {
  const path = `-/package/${name.replace('/', '%2f')}/dist-tags/${encodeURIComponent(tag)}`;
  const url = new URL(path, registryUrl);
  const answer = await http.send({
    method: version === null ? 'DELETE' : 'PUT',
    url,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    ...(version === null ? {} : { body: Buffer.from(JSON.stringify(version)) }),
    ...jsonLimits(url),
  });
  if (answer.status < 200 || answer.status > 204) throw npmError(answer, `${name}@${tag}`, registryUrl);
}

/** Deprecates as `npm deprecate` does: '' for a message takes it away. */
async function configure(
  place: Place,
  name: PackageName,
  { deprecated = new Map(), yanked = new Map() }: VersionChanges,
): Promise<void> {
  if (yanked.size > 0) {
    throw unsupported(
      'yank versions',
      place.url,
      'npm registries know no yanked versions: use "prompd deprecate", which warns, or "prompd unpublish".',
    );
  }
  if (deprecated.size === 0) return;
  await changeDocument(place, {
    name,
    what: 'deprecate versions',
    change(document) {
      const versions = { ...document.versions };
      for (const [version, message] of deprecated) {
        const known = Object.hasOwn(versions, version) ? versions[version] : undefined;
        if (known === undefined) throw noVersion(name, version, place.url);
        versions[version] = { ...known, deprecated: message ?? '' };
      }
      return { method: 'PUT', path: '', body: { ...document, versions } };
    },
  });
}
