import { isUnder } from '../../config/registry-url.js';
import { PrompdError } from '../../core/errors.js';
import { baseNameOf, type PackageName } from '../../core/name.js';
import { compareVersions, isVersion, type Version } from '../../core/version.js';
import { jsonLimits } from '../json-limits.js';
import { changeDocument, type NpmDocument, readDocument, revisionOf, tarballOf } from './document.js';
import { npmError } from './error.js';
import type { Place } from './place.js';

const WHAT = 'unpublish';

/**
 * Takes a version away as `npm unpublish` does: the document goes back without it, then its archive is deleted. The
 * last version takes the package with it.
 * @param version undefined for the whole package
 * @throws PrompdError ENOVERSION, ENOTFOUND, EUNSUPPORTED, EAUTH, EFORBIDDEN
 */
export async function unpublish(
  place: Place,
  name: PackageName,
  version: Version | undefined,
): Promise<void> {
  const before = await changeDocument(place, {
    name,
    what: WHAT,
    change(document) {
      const path = `-rev/${revisionOf(document, { what: WHAT, url: place.url })}`;
      if (version !== undefined && !Object.hasOwn(document.versions, version))
        throw noVersion(name, version, place.url);
      const isWhole = version === undefined || Object.keys(document.versions).length === 1;
      return isWhole
        ? { method: 'DELETE', path }
        : { method: 'PUT', path, body: withoutVersion(document, version) };
    },
  });
  if (version !== undefined && Object.keys(before.versions).length > 1) {
    try {
      await deleteArchive(place, { name, version, before });
    } catch (error) {
      throw error instanceof PrompdError ? archiveLeft(error, `${name}@${version}`) : error;
    }
  }
}

/** Of two steps the first is done: who only hears why the second failed would take nothing for done. */
function archiveLeft({ code, message, facts, hint }: PrompdError, what: string): PrompdError {
  return new PrompdError(
    code,
    `${what} is no longer listed, but its archive may still be there, as it could not be deleted: ${message}`,
    {
      facts: { ...facts, ...(hint === undefined ? {} : { advice: hint }) },
      hint: 'Ask those who run the registry to delete the archive, if nobody may have it any more.',
    },
  );
}

/** The error for a version that a document does not have. */
export function noVersion(name: PackageName, version: Version, url: string): PrompdError {
  return new PrompdError('ENOVERSION', `There is no ${name}@${version}.`, {
    facts: { name, version, registry: url },
    hint: `"prompd info ${name}" lists the versions that there are.`,
  });
}

function withoutVersion(document: NpmDocument, version: Version): object {
  const { _attachments, _revisions, ...kept } = document;
  const versions = Object.fromEntries(
    Object.entries(document.versions).filter(([other]) => other !== version),
  );
  const tags = Object.entries(document['dist-tags']).filter(([, target]) => target !== version);
  const latest = newest(Object.keys(versions));
  const isLatest = document['dist-tags']['latest'] === version;
  return {
    ...kept,
    versions,
    'dist-tags': {
      ...Object.fromEntries(tags),
      ...(isLatest && latest !== undefined ? { latest } : {}),
    },
  };
}

/** The highest release; where there are pre-releases only, the highest of them. */
function newest(versions: readonly string[]): Version | undefined {
  const known = versions.filter(isVersion).sort(compareVersions);
  return known.findLast(version => !version.includes('-')) ?? known.at(-1);
}

/** The request goes nowhere but below the registry's own address, whatever its document says of the archive. */
async function deleteArchive(
  place: Place,
  { name, version, before }: { name: PackageName; version: Version; before: NpmDocument },
): Promise<void> {
  const { http, url } = place;
  const said = tarballOf(before, version);
  const conventional = new URL(`${name}/-/${baseNameOf(name)}-${version}.tgz`, url);
  const named = said !== undefined && URL.canParse(said, url) ? new URL(said, url) : conventional;
  const archive = isUnder(named, url) ? named : conventional;
  const revision = revisionOf(await readDocument(place, name), { what: WHAT, url });
  const address = new URL(`${archive.origin}${archive.pathname}/-rev/${revision}`);
  const answer = await http.send({
    method: 'DELETE',
    url: address,
    headers: { accept: 'application/json' },
    ...jsonLimits(address),
  });
  // Some registries drop the archive with its version.
  if ((answer.status >= 200 && answer.status < 300) || [404, 405].includes(answer.status)) return;
  throw npmError(answer, `${name}@${version}`, url);
}
