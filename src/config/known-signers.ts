import path from 'node:path';
import { z } from 'zod';
import { PrompdError } from '../core/errors.js';
import { formatJson, parseJson } from '../core/json.js';
import type { AuthorSigned } from '../core/verified-signature.js';
import { compareVersions, isVersion, type Version } from '../core/version.js';
import { changeFile, readFileOrUndefined } from './shared-file.js';

/** Which packages were seen with the signature of a trusted author, by the registry's address. */
const FILE = 'known-signers.json';

const version = z.string().refine(isVersion);
const fileSchema = z.record(
  z.string(),
  z.record(
    z.string(),
    z.object({
      /** The highest version that was seen signed. */
      signed: z.object({ version, keyid: z.string() }).optional(),
      /** Versions without such a signature that the user takes all the same. */
      accepted: z.array(version).default([]),
    }),
  ),
);
type Known = z.infer<typeof fileSchema>;

/** What is remembered of one package. */
export interface KnownSigner {
  readonly signed?: { readonly version: Version; readonly keyid: string } | undefined;
  readonly accepted: readonly Version[];
}

/** Remembers who signed packages, so that a registry that leaves signatures out is found out. */
export interface SignerMemory {
  recall(url: string, name: string): Promise<KnownSigner | undefined>;
  remember(url: string, seen: readonly AuthorSigned[]): Promise<void>;
  /** Takes a version although its author did not sign it. */
  accept(url: string, name: string, version: Version): Promise<void>;
}

/** @param home absolute path of the prompd folder */
export function signerMemory(home: string): SignerMemory {
  const file = path.join(home, FILE);
  const change = (edit: (all: Known) => Known | undefined) =>
    changeFile(file, async () => {
      const next = edit(await readKnown(file));
      return next && formatJson(next);
    });
  return {
    recall: async (url, name) => knownOf(await readKnown(file), url, name),
    async remember(url, seen) {
      const before = await readKnown(file);
      const isNew = (all: Known) => seen.filter(item => isHigher(item, knownOf(all, url, item.name)));
      if (isNew(before).length === 0) return;
      await change(all => {
        const packages = { ...(Object.hasOwn(all, url) ? all[url] : {}) };
        for (const { name, version, keyid } of isNew(all)) {
          const { accepted = [] } = knownOf({ [url]: packages }, url, name) ?? {};
          packages[name] = { signed: { version: checked(version), keyid }, accepted: [...accepted] };
        }
        return { ...all, [url]: packages };
      });
    },
    accept: (url, name, version) =>
      change(all => {
        const packages = { ...(Object.hasOwn(all, url) ? all[url] : {}) };
        const known = knownOf(all, url, name);
        if (known?.accepted.includes(version)) return undefined;
        packages[name] = { signed: known?.signed, accepted: [...(known?.accepted ?? []), version] };
        return { ...all, [url]: packages };
      }),
  };
}

/**
 * What is held against an unsigned version: an older one that was seen signed.
 * @param home absolute path of the prompd folder; @param url the registry's address
 * @throws PrompdError ECONFIG when what is remembered cannot be read
 */
export async function signedBefore(
  home: string,
  url: string,
  { name, version: wanted }: { readonly name: string; readonly version: Version },
): Promise<Version | undefined> {
  const signed = knownOf(await readKnown(path.join(home, FILE)), url, name)?.signed;
  return signed !== undefined && compareVersions(wanted, signed.version) > 0 ? signed.version : undefined;
}

function isHigher({ version }: AuthorSigned, known: KnownSigner | undefined): boolean {
  return known?.signed === undefined || compareVersions(checked(version), known.signed.version) > 0;
}

function knownOf(all: Known, url: string, name: string): KnownSigner | undefined {
  const packages = Object.hasOwn(all, url) ? all[url] : undefined;
  return packages !== undefined && Object.hasOwn(packages, name) ? packages[name] : undefined;
}

function checked(raw: string): Version {
  if (isVersion(raw)) return raw;
  throw new TypeError('a version that was verified is one');
}

async function readKnown(file: string): Promise<Known> {
  const text = await readFileOrUndefined(file);
  const parsed = fileSchema.safeParse(text === undefined ? {} : parseJson(text, file));
  if (parsed.success) return parsed.data;
  throw new PrompdError('ECONFIG', `${file} is not prompd's list of known signers.`, {
    facts: { file },
    hint: 'Remove it: what is signed is then seen anew.',
  });
}
