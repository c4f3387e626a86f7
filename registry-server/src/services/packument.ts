import {
  type Advisory,
  type AuthorSignature,
  baseNameOf,
  type PackageManifest,
  type RegistrySignature,
} from 'prompd/core';
import type { Access } from '../domain/authorize.js';
import { archiveFileName, type Package, type PackageVersion } from '../domain/package-version.js';
import type { PackageDocument } from '../ports/package-repository.js';

/** A version as packuments show it. */
export interface VersionEntry extends Pick<PackageManifest, 'description' | 'license' | 'engines'> {
  readonly name: string;
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly prompts: Readonly<Record<string, string>>;
  readonly deprecated?: string;
  readonly yanked?: true;
  readonly dist: {
    readonly integrity: string;
    readonly shasum: string;
    readonly tarball: string;
    readonly size: number;
    readonly unpackedSize: number;
    readonly fileCount: number;
    readonly signatures: readonly RegistrySignature[];
    readonly authorSignatures?: readonly AuthorSignature[];
  };
}

/** A version by itself. */
export interface VersionDetails extends VersionEntry {
  readonly access: Access;
  readonly manifest: PackageManifest;
  readonly readme: string | null;
  readonly publishedAt: string;
  readonly publishedBy: string;
}

/** A package with all its versions, in the shape that npm's registries gave such documents. */
export function packumentOf(
  {
    package: found,
    versions,
    distTags,
    readme,
    advisories,
  }: PackageDocument & { readonly advisories: readonly Advisory[] },
  baseUrl: string,
) {
  return {
    name: found.name,
    description: found.description,
    'dist-tags': distTags,
    versions: Object.fromEntries(
      versions.map(version => [version.version, versionEntry(found, version, `${baseUrl}/packages`)]),
    ),
    time: timesOf(found, versions),
    access: found.access,
    ...(found.uplink === undefined ? {} : { uplink: found.uplink }),
    author: found.author,
    category: found.category,
    keywords: found.keywords,
    downloads: found.downloads,
    readme,
    ...(advisories.length === 0 ? {} : { advisories: advisories.map(advisoryEntry) }),
  };
}

/** When the package was made, last changed, and each version published. */
export function timesOf(
  { createdAt, updatedAt }: Package,
  versions: readonly PackageVersion[],
): Readonly<Record<string, string>> {
  return {
    created: createdAt.toISOString(),
    modified: updatedAt.toISOString(),
    ...Object.fromEntries(versions.map(({ version, publishedAt }) => [version, publishedAt.toISOString()])),
  };
}

/** An advisory, as short as an installation needs it. */
function advisoryEntry({ id, severity, title, vulnerable, patched }: Advisory) {
  return { id, severity, title, vulnerable, ...(patched === undefined ? {} : { patched }) };
}

/** The answer about one version: its entry in the packument, its manifest, and what the package is. */
export function versionDetails(
  found: Package,
  { version, readme, baseUrl }: { version: PackageVersion; readme: string | null; baseUrl: string },
): VersionDetails {
  return {
    ...versionEntry(found, version, `${baseUrl}/packages`),
    access: found.access,
    manifest: version.manifest,
    readme,
    publishedAt: version.publishedAt.toISOString(),
    publishedBy: version.publishedBy,
  };
}

/**
 * A version as a packument shows it. Members that the manifest does not have are absent here too.
 * @param packagesUrl the address below which packages have their archives, without a slash at the end
 */
export function versionEntry(
  { name }: Pick<Package, 'name'>,
  version: PackageVersion,
  packagesUrl: string,
): VersionEntry {
  const { manifest } = version;
  const file = archiveFileName(baseNameOf(name), version.version);
  return {
    name,
    version: version.version,
    ...(manifest.description === undefined ? {} : { description: manifest.description }),
    ...(manifest.license === undefined ? {} : { license: manifest.license }),
    dependencies: manifest.dependencies ?? {},
    ...(manifest.engines === undefined ? {} : { engines: manifest.engines }),
    prompts: manifest.prompts ?? {},
    ...(version.deprecated === null ? {} : { deprecated: version.deprecated }),
    ...(version.yanked ? { yanked: true as const } : {}),
    dist: {
      integrity: version.integrity,
      shasum: version.shasum,
      tarball: `${packagesUrl}/${name}/-/${encodeURIComponent(file)}`,
      size: version.size,
      unpackedSize: version.unpackedSize,
      fileCount: version.fileCount,
      signatures: version.signatures,
      ...(version.authorSignatures.length === 0 ? {} : { authorSignatures: version.authorSignatures }),
    },
  };
}
