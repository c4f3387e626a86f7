import path from 'node:path';
import { z } from 'zod';
import { PrompdError } from '../core/errors.js';
import { formatJson, parseJson } from '../core/json.js';
import type { RegistryKey } from '../core/registry-signature.js';
import { changeFile, readFileOrUndefined } from './shared-file.js';

/** Which keys registries were seen to sign with, by address. */
const FILE = 'known-keys.json';
/** How far clocks may be apart before a key counts as younger than what it signs, in milliseconds. */
const SKEW_MS = 24 * 3600 * 1000;

const keySchema = z.object({
  keytype: z.string(),
  scheme: z.string(),
  key: z.string(),
  expires: z.string().nullable(),
  notBefore: z.string().nullable(),
});
const fileSchema = z.record(
  z.string(),
  z.object({ seen: z.iso.datetime(), keys: z.record(z.string(), keySchema) }),
);
type Known = z.infer<typeof fileSchema>;

/** A key with what is remembered of it. */
export interface KnownKey extends RegistryKey {
  /** ISO time at which the registry was last seen without it; null when it was there from the first time on. */
  readonly notBefore: string | null;
}

/** The keys of a registry, and when they were last asked for. */
export interface KnownKeys {
  readonly seen: Date;
  readonly keys: readonly KnownKey[];
}

/** Remembers the keys of registries, as ssh remembers those of hosts. */
export interface KeyMemory {
  recall(url: string): Promise<KnownKeys | undefined>;
  /**
   * Holds what a registry lists against what it listed before, and remembers it. Keys may be added, and may end earlier
   * than was said; nothing else of a key ever changes.
   * @throws PrompdError EKEYCHANGED when a key that was seen is gone, is another one, or covers more than it did
   */
  learn(url: string, keys: readonly RegistryKey[], now: Date): Promise<readonly KnownKey[]>;
}

/** @param home absolute path of the prompd folder */
export function keyMemory(home: string): KeyMemory {
  const file = path.join(home, FILE);
  return {
    async recall(url) {
      const known = own(await readKnown(file), url);
      return known && { seen: new Date(known.seen), keys: listOf(known) };
    },
    async learn(url, keys, now) {
      if (keys.length === 0 && own(await readKnown(file), url) === undefined) return [];
      let learnt: readonly KnownKey[] = [];
      await changeFile(file, async () => {
        const all = await readKnown(file);
        learnt = merged(own(all, url), { url, keys, file });
        const byId = learnt.map(({ keyid, ...key }) => [keyid, key] as const);
        return formatJson({ ...all, [url]: { seen: now.toISOString(), keys: Object.fromEntries(byId) } });
      });
      return learnt;
    },
  };
}

interface Listed {
  readonly url: string;
  readonly keys: readonly RegistryKey[];
  readonly file: string;
}

function merged(before: Known[string] | undefined, { url, keys, file }: Listed): KnownKey[] {
  if (before === undefined) return keys.map(key => ({ ...plain(key), notBefore: null }));
  const listed = new Map(keys.map(key => [key.keyid, key]));
  for (const known of listOf(before)) {
    const reason = changeOf(known, listed.get(known.keyid));
    if (reason !== undefined) throw changed({ url, keyid: known.keyid, reason, file });
  }
  const notBefore = new Date(Date.parse(before.seen) - SKEW_MS).toISOString();
  return keys.map(key => ({
    ...plain(key),
    notBefore: own(before.keys, key.keyid)?.notBefore ?? (own(before.keys, key.keyid) ? null : notBefore),
  }));
}

/** What changed of a key that must not; undefined when nothing did. */
function changeOf(known: KnownKey, now: RegistryKey | undefined): string | undefined {
  if (now === undefined) return 'it is gone';
  if (now.key !== known.key || now.keytype !== known.keytype || now.scheme !== known.scheme)
    return 'another key has its id';
  if (known.expires === null) return undefined;
  const isLonger = now.expires === null || Date.parse(now.expires) > Date.parse(known.expires);
  return isLonger ? 'it had expired, and is said to last longer now' : undefined;
}

function changed(what: {
  readonly url: string;
  readonly keyid: string;
  readonly reason: string;
  readonly file: string;
}): PrompdError {
  const { url, keyid, reason, file } = what;
  return new PrompdError('EKEYCHANGED', `A key of ${url} is not what it was: ${reason}.`, {
    facts: { registry: url, keyid, reason, file },
    hint: `Ask whoever runs the registry. If it was set up anew on purpose, remove its entry from ${file}.`,
  });
}

function plain({ keyid, keytype, scheme, key, expires }: RegistryKey): RegistryKey {
  return { keyid, keytype, scheme, key, expires };
}

function listOf({ keys }: Known[string]): KnownKey[] {
  return Object.entries(keys).map(([keyid, key]) => ({ keyid, ...key }));
}

async function readKnown(file: string): Promise<Known> {
  const text = await readFileOrUndefined(file);
  const parsed = fileSchema.safeParse(text === undefined ? {} : parseJson(text, file));
  if (parsed.success) return parsed.data;
  throw new PrompdError('ECONFIG', `${file} is not prompd's list of known keys.`, {
    facts: { file },
    hint: 'Remove it: keys of registries are then trusted as they are seen next.',
  });
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
