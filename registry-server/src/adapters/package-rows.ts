import type { Selectable } from 'kysely';
import {
  type AuthorSignature,
  type PackageManifest,
  parseIntegrity,
  parsePackageName,
  parseVersion,
  type RegistrySignature,
} from 'prompd/core';
import type { Access } from '../domain/authorize.js';
import type { Package, PackageVersion } from '../domain/package-version.js';
import type { PackagesTable, VersionsTable } from './database-schema.js';

/** The columns of a version that a packument shows; READMEs are long and read one at a time. */
export const VERSION_COLUMNS = [
  'id',
  'version',
  'manifest',
  'integrity',
  'shasum',
  'size',
  'unpacked_size',
  'file_count',
  'published_by',
  'published_at',
  'deprecated',
  'yanked',
  'stored',
] as const;

/** A row of `packages`, with the users to whom it belongs. */
export type PackageRow = Omit<Selectable<PackagesTable>, 'search'> & { readonly owners: readonly string[] };

/** A row of `packages` as the domain knows it. */
export function packageOf(row: PackageRow): Package {
  return {
    id: row.id,
    name: parsePackageName(row.name),
    access: accessFrom(row.access),
    uplink: row.uplink ?? undefined,
    owners: row.owners,
    revision: row.revision,
    description: row.description,
    author: row.author,
    category: row.category,
    keywords: row.keywords,
    downloads: row.downloads,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** A row of `versions`, with its signatures. */
export type VersionRow = Pick<Selectable<VersionsTable>, (typeof VERSION_COLUMNS)[number]> & {
  readonly signatures: readonly RegistrySignature[];
  readonly author_signatures: readonly AuthorSignature[];
};

/** A row of `versions` as the domain knows it. */
export function versionOf(row: VersionRow): PackageVersion {
  return {
    id: row.id,
    version: parseVersion(row.version),
    manifest: manifestFrom(row.manifest),
    integrity: parseIntegrity(row.integrity),
    shasum: row.shasum,
    size: row.size,
    unpackedSize: row.unpacked_size,
    fileCount: row.file_count,
    publishedBy: row.published_by,
    publishedAt: row.published_at,
    deprecated: row.deprecated,
    yanked: row.yanked,
    signatures: row.signatures,
    authorSignatures: row.author_signatures,
    stored: row.stored,
  };
}

/** Anything but the word for it keeps a package from being public. */
export function accessFrom(raw: string): Access {
  return raw === 'public' ? 'public' : 'private';
}

/** Manifests were checked against the schema before they were stored, and a stored row never changes. */
export function manifestFrom(raw: unknown): PackageManifest {
  if (!isManifest(raw)) throw new TypeError('The database holds a manifest that is none.');
  return raw;
}

function isManifest(raw: unknown): raw is PackageManifest {
  return typeof raw === 'object' && raw !== null && 'name' in raw && 'version' in raw;
}
