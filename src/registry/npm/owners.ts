import { z } from 'zod';
import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import { readAnswer } from '../json-answer.js';
import { jsonLimits } from '../json-limits.js';
import type { Owner } from '../registry.js';
import {
  changeDocument,
  type Maintainer,
  maintainersOf,
  readDocument,
  revisionOf,
  unsupported,
} from './document.js';
import { npmError } from './error.js';
import type { Place } from './place.js';

const userSchema = z.object({ name: z.string().min(1).max(214), email: z.string().max(320).optional() });

const LIST = 'list owners';
const CHANGE = 'change owners';
/** Verdaccio and others: who may publish is said in their configuration, by patterns of names. */
const CONFIGURED = 'It keeps none; who may publish there is said in its configuration.';

/**
 * The maintainers in a package's document.
 * @throws PrompdError EUNSUPPORTED where documents have none
 */
export async function owners(place: Place, name: PackageName): Promise<readonly Owner[]> {
  const maintainers = maintainersOf(await readDocument(place, name));
  if (maintainers === undefined) throw unsupported(LIST, place.url, CONFIGURED);
  return maintainers.map(ownerOf);
}

/** @throws PrompdError ENOUSER, EUNSUPPORTED, EAUTH, EFORBIDDEN, ENOTFOUND */
export async function addOwner(place: Place, name: PackageName, user: string): Promise<readonly Owner[]> {
  // Before the registry is asked for the user: one that keeps no owners is to say that first.
  await owners(place, name);
  const added = await findUser(place, user);
  return change(place, name, all =>
    all.some(other => other.name === added.name) ? undefined : [...all, added],
  );
}

/** @throws PrompdError EUSAGE for the last one; as {@link addOwner} */
export function removeOwner(place: Place, name: PackageName, user: string): Promise<readonly Owner[]> {
  return change(place, name, all => {
    const left = all.filter(other => other.name !== user);
    if (left.length === all.length) {
      throw new PrompdError('ENOUSER', `${user.slice(0, 100)} does not own ${name}.`, {
        facts: { name, user: user.slice(0, 100), owners: all.map(other => other.name) },
      });
    }
    if (left.length > 0) return left;
    throw new PrompdError('EUSAGE', `${user.slice(0, 100)} is the last owner of ${name}.`, {
      facts: { name, user: user.slice(0, 100) },
      hint: 'Add another owner first.',
    });
  });
}

/** Sends the maintainers alone, as npm does: the rest of the document stays. */
async function change(
  place: Place,
  name: PackageName,
  edit: (all: readonly Maintainer[]) => readonly Maintainer[] | undefined,
): Promise<readonly Owner[]> {
  await changeDocument(place, {
    name,
    what: CHANGE,
    change(document) {
      const { _id = name } = document;
      const all = maintainersOf(document);
      // A registry that keeps no maintainers would take this for a package without versions.
      if (all === undefined) throw unsupported(CHANGE, place.url, CONFIGURED);
      const maintainers = edit(all);
      if (maintainers === undefined) return undefined;
      const _rev = revisionOf(document, { what: CHANGE, url: place.url });
      return { method: 'PUT', path: `-rev/${_rev}`, body: { _id, _rev, maintainers } };
    },
  });
  return owners(place, name);
}

async function findUser({ http, url }: Place, user: string): Promise<Maintainer> {
  const address = new URL(`-/user/org.couchdb.user:${encodeURIComponent(user)}`, url);
  const answer = await http.send({
    method: 'GET',
    url: address,
    headers: { accept: 'application/json' },
    ...jsonLimits(address),
  });
  if (answer.status === 404) {
    throw new PrompdError('ENOUSER', `The registry knows no user "${user.slice(0, 100)}".`, {
      facts: { registry: url, user: user.slice(0, 100) },
      hint: 'Check the name.',
    });
  }
  if (answer.status !== 200) throw npmError(answer, user, url);
  const { name, email } = readAnswer(answer, userSchema);
  return email === undefined ? { name } : { name, email };
}

function ownerOf({ name }: Maintainer): Owner {
  return { user: name, addedBy: undefined, addedAt: undefined };
}
