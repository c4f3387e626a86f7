import { PrompdError } from '../../core/errors.js';
import { jsonLimits } from '../json-limits.js';
import type { RegistryChanges } from '../registry.js';
import { npmError } from './error.js';
import type { Place } from './place.js';

/**
 * What is changed at an npm registry: its tags. The rest npm registries do each in their own way, or not at all, by
 * rewriting the whole document of a package.
 * @see https://github.com/npm/registry/blob/main/docs/REGISTRY-API.md
 */
export function npmChanges({ http, url: registryUrl }: Place): RegistryChanges {
  const unsupported = (what: string) => async () => {
    throw new PrompdError('EUNSUPPORTED', `prompd does not ${what} at npm registries.`, {
      facts: { registry: registryUrl },
      hint: 'Use npm for it: a prompd package is an npm package there.',
    });
  };
  return {
    async moveTag(name, tag, version) {
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
    },
    tagMoves: unsupported('list the moves of tags'),
    configure: unsupported('deprecate or yank'),
    unpublish: unsupported('unpublish'),
    owners: unsupported('list owners'),
    addOwner: unsupported('change owners'),
    removeOwner: unsupported('change owners'),
    dependents: async () => undefined,
  };
}
