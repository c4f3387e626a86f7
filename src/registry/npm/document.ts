import { z } from 'zod';
import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import type { Version } from '../../core/version.js';
import type { HttpAnswer } from '../http.js';
import { readAnswer } from '../json-answer.js';
import { jsonLimits } from '../json-limits.js';
import { npmError } from './error.js';
import { documentUrl, type Place } from './place.js';

// The document is sent back: what is not well formed is not dropped here, but where it is read.
const versionSchema = z.looseObject({ deprecated: z.unknown().optional(), dist: z.unknown().optional() });
const distSchema = z.object({ tarball: z.string().max(2048) });

const maintainerSchema = z.looseObject({ name: z.string().min(1).max(214) });

const documentSchema = z.looseObject({
  _id: z.string().max(214).optional(),
  _rev: z
    .string()
    .regex(/^[\w.-]{1,200}$/)
    .optional(),
  name: z.string().max(214),
  'dist-tags': z.record(z.string(), z.string()).default({}),
  versions: z.record(z.string(), versionSchema).default({}),
  time: z.record(z.string(), z.unknown()).optional(),
  maintainers: z.unknown().optional(),
});

/** All that an npm registry keeps of a package, as those who may change it see it. */
export type NpmDocument = z.infer<typeof documentSchema>;
export type Maintainer = z.infer<typeof maintainerSchema>;

const maintainersSchema = z.array(maintainerSchema).max(10_000).optional().catch(undefined);

/** Who may publish a package; undefined where its document does not say, or not in a form that is known. */
export function maintainersOf({ maintainers }: NpmDocument): readonly Maintainer[] | undefined {
  return maintainersSchema.parse(maintainers);
}

/** Where a document says that the archive of a version is. */
export function tarballOf({ versions }: NpmDocument, version: Version): string | undefined {
  return distSchema.safeParse(versions[version]?.dist).data?.tarball;
}

/** How often a change is made anew because somebody else changed the document in between. */
const ATTEMPTS = 3;

/**
 * The whole document of a package, past caches that registries keep for readers.
 * @throws PrompdError ENOTFOUND, EAUTH, EFORBIDDEN, EBADRESPONSE
 */
export async function readDocument({ http, url }: Place, name: PackageName): Promise<NpmDocument> {
  const address = documentUrl(url, name);
  address.searchParams.set('write', 'true');
  const answer = await http.send({
    method: 'GET',
    url: address,
    headers: { accept: 'application/json', 'cache-control': 'no-cache' },
    ...jsonLimits(address),
  });
  if (answer.status !== 200) throw npmError(answer, name, url);
  const document = readAnswer(answer, documentSchema);
  if (document.name === name) return document;
  throw new PrompdError(
    'EOTHERPACKAGE',
    `The registry was asked for ${name} and answered about "${document.name}".`,
    { facts: { expected: name, found: document.name } },
  );
}

/** What is to be done to a document. */
export interface DocumentChange {
  readonly method: 'PUT' | 'DELETE';
  /** Below the package's address, as `-rev/3-abc`; '' for the address itself. */
  readonly path: string;
  readonly body?: object;
}

export interface ChangeRequest {
  readonly name: PackageName;
  /** As in "deprecate versions": what a registry that refuses cannot do. */
  readonly what: string;
  /** Says what to send; undefined when there is nothing left to do. May throw, and then nothing is sent. */
  readonly change: (document: NpmDocument) => DocumentChange | undefined;
}

/**
 * Changes a package by its document: it is read and sent back, and read again when its revision was no longer the last.
 * @throws PrompdError EUNSUPPORTED when the registry keeps documents and takes none; as {@link readDocument}
 */
export async function changeDocument(
  place: Place,
  { name, what, change }: ChangeRequest,
): Promise<NpmDocument> {
  for (let attempt = 1; ; attempt++) {
    const document = await readDocument(place, name);
    const wanted = change(document);
    if (wanted === undefined) return document;
    const answer = await sendChange(place, name, wanted);
    if (answer.status >= 200 && answer.status < 300) return document;
    if (answer.status !== 409 || attempt === ATTEMPTS) throw refusal(answer, { name, what, url: place.url });
  }
}

/** Sends one change, whatever the answer is. */
export function sendChange(
  { http, url }: Place,
  name: PackageName,
  { method, path, body }: DocumentChange,
): Promise<HttpAnswer> {
  const { href } = documentUrl(url, name);
  const address = new URL(path === '' ? href : `${href}/${path}`);
  return http.send({
    method,
    url: address,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: Buffer.from(JSON.stringify(body)) }),
    ...jsonLimits(address),
  });
}

/** The revision that a change is based on. @throws PrompdError EUNSUPPORTED where documents have none */
export function revisionOf({ _rev }: NpmDocument, { what, url }: { what: string; url: string }): string {
  if (_rev !== undefined) return _rev;
  throw unsupported(what, url);
}

/** The error for what a registry has no way to do. */
export function unsupported(what: string, url: string, hint?: string): PrompdError {
  return new PrompdError('EUNSUPPORTED', `The registry ${url} does not let clients ${what}.`, {
    facts: { registry: url },
    hint: hint ?? 'Look for it in the web interface or the configuration of the registry.',
  });
}

/** Registries without the route say 404, 405 or 501 of a package that they showed a moment ago. */
function refusal(
  answer: HttpAnswer,
  { name, what, url }: { name: PackageName; what: string; url: string },
): PrompdError {
  return [404, 405, 501].includes(answer.status) ? unsupported(what, url) : npmError(answer, name, url);
}
