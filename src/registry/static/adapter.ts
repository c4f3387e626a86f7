import type { Trust } from '../../config/known-registries.js';
import { PrompdError } from '../../core/errors.js';
import { hexOf, type Integrity, integrityOf } from '../../core/integrity.js';
import { parseJson } from '../../core/json.js';
import { baseNameOf, type PackageName } from '../../core/name.js';
import { parsePackument, type VersionMetadata } from '../../core/packument.js';
import { noAudit } from '../audit.js';
import { noChannels } from '../channels.js';
import { noCompatibility } from '../compatibility.js';
import { noGovernance } from '../governance.js';
import { noProjects } from '../projects.js';
import type { PackumentAnswer, Registry } from '../registry.js';
import { noTrust } from '../trust.js';
import { noUsers } from '../users.js';
import { noWebhooks } from '../webhooks.js';
import type { FileLimits, ReadFile } from './files.js';
import { searchIndex } from './search.js';
import { INDEX_FILE, readSignedIndex, type StaticIndex } from './signed-index.js';

export interface StaticRegistryOptions {
  /** The name it is configured under. */
  readonly alias: string;
  /** Ends in `/`. */
  readonly url: string;
  readonly read: ReadFile;
  /** Refuses a key that is not the registry's and an index older than one seen before. */
  readonly trust: Trust;
}

/** Largest index, signature or packument that is read, in bytes. */
const MAX_JSON_BYTES = 128 * 1024 * 1024;

/** The error for who wants to change something at a registry of files, or to log in to it. */
export function readOnly(url: string): PrompdError {
  return new PrompdError('EREADONLY', `${url} is a registry of files, which cannot be written to.`, {
    facts: { registry: url },
    hint: 'Publish at the registry that it was exported from, and export that again.',
  });
}

/** A registry of files, written by `prompd registry export`. It can be read and never written. */
export function staticRegistry({ alias, url, read, trust }: StaticRegistryOptions): Registry {
  let loaded: Promise<StaticIndex> | undefined;
  const index = () => {
    loaded ??= loadIndex(url, read, trust);
    return loaded;
  };
  // An export takes the packuments of the one before away, also from those who have read its index.
  const packumentOf: Registry['packument'] = async (name, etag) => {
    const before = index();
    const request = { name, etag, url };
    const { packages } = await before;
    try {
      return await packument(await before, read, request);
    } catch (error) {
      if (!(error instanceof PrompdError) || error.code !== 'EBADRESPONSE') throw error;
      if (loaded === before) loaded = loadIndex(url, read, trust);
      const newer = await index();
      if (newer.packages.get(name)?.integrity === packages.get(name)?.integrity) throw error;
      return packument(newer, read, request);
    }
  };
  const refuse = async (): Promise<never> => {
    throw readOnly(url);
  };
  return {
    alias,
    url,
    packument: packumentOf,
    archive: (metadata, maxBytes) => archive(read, { metadata, maxBytes, url }),
    search: async query => searchIndex(await index(), query),
    publish: refuse,
    whoami: refuse,
    login: refuse,
    keys: async () => (await index()).keys,
    advisories: async () => undefined,
    log: async () => undefined,
    advisoryDesk: { publish: refuse, list: refuse, find: refuse, withdraw: refuse },
    projects: noProjects(refuse),
    audit: noAudit(refuse),
    channels: noChannels(refuse),
    webhooks: noWebhooks(async () => {
      throw new PrompdError('EUNSUPPORTED', `${url} is a registry of files, which tells nobody anything.`, {
        facts: { registry: url },
        hint: 'Add the webhook at the registry that it was exported from.',
      });
    }),
    governance: noGovernance(async () => {
      throw new PrompdError(
        'EUNSUPPORTED',
        `${url} is a registry of files, in which nothing is approved or moved.`,
        {
          facts: { registry: url },
          hint: 'Do it at the registry that it was exported from, and export that again.',
        },
      );
    }),
    compatibility: noCompatibility(refuse),
    trust: noTrust(refuse),
    users: noUsers(refuse),
    tokens: { list: refuse, create: refuse, revoke: refuse },
    changes: {
      moveTag: refuse,
      tagMoves: refuse,
      configure: refuse,
      unpublish: refuse,
      owners: refuse,
      addOwner: refuse,
      removeOwner: refuse,
      dependents: async () => undefined,
      impact: refuse,
    },
  };
}

/** Where a package's files are, below the registry's address. */
export function packageFolder(name: PackageName): string {
  return `packages/${name}`;
}

/**
 * The name of a packument in the package's folder. It changes with its content, so that an index and what it names
 * always fit together, also while a new export is being copied.
 */
export function packumentName(integrity: Integrity): string {
  return `packument-${hexOf(integrity).slice(0, 16)}.json`;
}

/** The name of an archive in the package's folder. */
export function archiveName(name: PackageName, version: string): string {
  return `${baseNameOf(name)}-${version}.tgz`;
}

async function loadIndex(url: string, read: ReadFile, trust: Trust): Promise<StaticIndex> {
  const bytes = await read(INDEX_FILE, jsonLimits(INDEX_FILE));
  if (bytes === undefined) {
    throw new PrompdError('EBADRESPONSE', `${url} is not a registry of files: it has no ${INDEX_FILE}.`, {
      facts: { registry: url },
      hint: 'Check the address; "prompd registry export" writes such a registry.',
    });
  }
  const signed = readSignedIndex(textOf(bytes));
  await trust.files(url, { publicKey: signed.publicKey, serial: signed.index.serial });
  return signed.index;
}

interface PackumentRequest {
  readonly name: PackageName;
  readonly etag: string | undefined;
  readonly url: string;
}

/** The signed index names the bytes of every packument, and packuments name those of archives. */
async function packument(
  index: StaticIndex,
  read: ReadFile,
  { name, etag, url }: PackumentRequest,
): Promise<PackumentAnswer> {
  const entry = index.packages.get(name);
  if (entry === undefined) {
    throw new PrompdError('ENOTFOUND', `There is no ${name}.`, { facts: { name, registry: url } });
  }
  if (etag === entry.integrity) return { kind: 'unchanged' };
  const file = `${packageFolder(name)}/${packumentName(entry.integrity)}`;
  const bytes = await read(file, jsonLimits(file));
  if (bytes === undefined) throw missing(file, url);
  const found = integrityOf(bytes);
  if (found !== entry.integrity) {
    throw new PrompdError('EINTEGRITY', `${file} is not what the signed index names.`, {
      facts: { registry: url, expected: entry.integrity, found },
    });
  }
  const body = textOf(bytes);
  return {
    kind: 'fresh',
    packument: parsePackument(documentOf(body, file), name),
    body,
    etag: entry.integrity,
  };
}

interface ArchiveRequest {
  readonly metadata: VersionMetadata;
  readonly maxBytes: number;
  readonly url: string;
}

async function archive(
  read: ReadFile,
  { metadata: { name, version }, maxBytes, url }: ArchiveRequest,
): Promise<Uint8Array> {
  const file = `${packageFolder(name)}/${archiveName(name, version)}`;
  const bytes = await read(file, {
    maxBytes,
    tooLarge: () =>
      new PrompdError('EARCHIVELIMIT', `The archive of ${name}@${version} is larger than the limit.`, {
        facts: { name, version, limit: maxBytes },
        hint: 'Raise "network.maxArchiveBytes" in config.json in your prompd folder if you trust the package.',
      }),
  });
  if (bytes !== undefined) return bytes;
  throw new PrompdError('ENOTFOUND', `There is no archive of ${name}@${version}.`, {
    facts: { name, version, registry: url },
    hint: 'The export is not complete: copy all of it, or make it again.',
  });
}

function jsonLimits(file: string): FileLimits {
  return {
    maxBytes: MAX_JSON_BYTES,
    tooLarge: () =>
      new PrompdError('EANSWERLIMIT', `${file} is larger than ${MAX_JSON_BYTES} bytes.`, {
        facts: { file, limit: MAX_JSON_BYTES },
      }),
  };
}

/** What is signed may still be no document. */
function documentOf(body: string, file: string): unknown {
  try {
    return parseJson(body, file);
  } catch (cause) {
    if (!(cause instanceof PrompdError)) throw cause;
    const code = cause.facts['exceeded'] === undefined ? 'EBADRESPONSE' : 'EANSWERLIMIT';
    throw new PrompdError(code, cause.message, {
      facts: cause.facts,
      hint: 'Tell the people who export the registry.',
      cause,
    });
  }
}

function missing(file: string, url: string): PrompdError {
  return new PrompdError('EBADRESPONSE', `The registry lists a package and has no ${file}.`, {
    facts: { registry: url, file },
    hint: 'The export is not complete: copy all of it, or make it again.',
  });
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
