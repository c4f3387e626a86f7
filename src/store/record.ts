import { hash } from 'node:crypto';
import { lstatSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Integrity } from '../core/integrity.js';
import { isPackageName, type PackageName } from '../core/name.js';
import { isVersion, type Version } from '../core/version.js';
import { isAbsence } from './absence.js';
import { RECORD_FILE } from './home-folders.js';
import type { StoreId } from './layout.js';

/** What the store knows of one placed package, written inside its folder before the folder gets its name. */
export interface PackageRecord extends StoreId {
  /** Path inside the package to the SHA-256 of its bytes in hex, sorted by path. */
  readonly files: ReadonlyMap<string, string>;
}

const recordSchema = z.object({
  name: z.string().refine(isPackageName),
  version: z.string().refine(isVersion),
  integrity: z.string().regex(/^sha512-[A-Za-z0-9+/]{86}==$/),
  files: z.array(z.tuple([z.string().min(1), z.string().regex(/^[0-9a-f]{64}$/)])),
});

/** The record's text. */
export function formatRecord({ name, version, integrity, files }: PackageRecord): string {
  return `${JSON.stringify({ name, version, integrity, files: [...files] })}\n`;
}

/**
 * The record of a placed package; undefined when the folder is absent or is not a whole package. A link is none: what it
 * leads to is not the store's, and can change without it.
 */
export function readRecord(dir: string): PackageRecord | undefined {
  let text: string;
  try {
    const stats = lstatSync(dir, { throwIfNoEntry: false });
    if (!stats?.isDirectory()) return undefined;
    text = readFileSync(path.join(dir, RECORD_FILE), 'utf8');
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
  return parseRecord(text);
}

/** SHA-256 of some bytes in hex. */
export function sha256(bytes: Uint8Array): string {
  return hash('sha256', bytes);
}

function parseRecord(text: string): PackageRecord | undefined {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = recordSchema.safeParse(raw);
  if (!parsed.success) return undefined;
  const { name, version, integrity, files } = parsed.data;
  return {
    name: name as PackageName,
    version: version as Version,
    integrity: integrity as Integrity,
    files: new Map(files),
  };
}
