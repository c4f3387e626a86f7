import type {
  AuthorSignature,
  Integrity,
  PackageManifest,
  PackageName,
  RegistrySignature,
  Version,
} from 'prompd/core';
import type { Access } from './authorize.js';

/** What is known of an archive's bytes, all of it computed here. */
export interface ArchiveFacts {
  readonly integrity: Integrity;
  /** SHA-1 in hex, which older npm clients look for. Never used to verify anything. */
  readonly shasum: string;
  /** Bytes of the archive. */
  readonly size: number;
  /** Bytes of all files together. */
  readonly unpackedSize: number;
  readonly fileCount: number;
}

/** A version as it is stored. */
export interface PackageVersion extends ArchiveFacts {
  readonly id: number;
  readonly version: Version;
  readonly manifest: PackageManifest;
  readonly publishedBy: string;
  readonly publishedAt: Date;
  readonly deprecated: string | null;
  readonly yanked: boolean;
  /** By the registry. */
  readonly signatures: readonly RegistrySignature[];
  readonly authorSignatures: readonly AuthorSignature[];
  /** Whether its archive is here: not so for mirrored versions that nobody asked for yet. */
  readonly stored: boolean;
}

/** A package with everything that its packument tells, except the README. */
export interface Package {
  readonly id: number;
  readonly name: PackageName;
  readonly access: Access;
  /** The uplink that it is mirrored from; undefined for a package of this registry. */
  readonly uplink: string | undefined;
  /** Users to whom it belongs. */
  readonly owners: readonly string[];
  /** Goes up with each change that a packument shows. */
  readonly revision: number;
  readonly description: string;
  readonly author: string;
  readonly category: string;
  readonly keywords: readonly string[];
  readonly downloads: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The archive's address in a packument: `kyc-summary-1.2.0.tgz` for `@bank/kyc-summary`. */
export function archiveFileName(baseName: string, version: string): string {
  return `${baseName}-${version}.tgz`;
}

/** The version in an archive's file name, or undefined when the file is not of that package. */
export function versionOfFileName(baseName: string, file: string): string | undefined {
  const start = `${baseName}-`;
  return file.startsWith(start) && file.endsWith('.tgz')
    ? file.slice(start.length, -'.tgz'.length)
    : undefined;
}

/** The plain name of a manifest's author: `Name <mail> (address)` or an object. */
export function authorName(author: PackageManifest['author']): string {
  const text = typeof author === 'string' ? author.replace(/[<(].*$/s, '') : (author?.name ?? '');
  return text.trim();
}
