import path from 'node:path';
import { z } from 'zod';
import { PrompdError } from '../core/errors.js';
import { parseJson } from '../core/json.js';
import type { RegistryConfig } from './config.js';
import { changeFile, readFileOrUndefined } from './shared-file.js';

/** Which registries of files were seen, by address: in the home folder, as ssh keeps hosts. */
const FILE = 'known-registries.json';

const fileSchema = z.record(
  z.string(),
  z.object({ publicKey: z.string(), serial: z.number().int().nonnegative() }),
);
type Known = z.infer<typeof fileSchema>;

/** What a registry of files showed of itself. */
export interface Sighting {
  /** Base64. */
  readonly publicKey: string;
  readonly serial: number;
}

export interface Trust {
  /**
   * Refuses what must not be trusted, and remembers the rest.
   * @throws PrompdError ESIGNATURE for another key than the one that is configured or was seen first; EROLLBACK for an
   *   older index than the newest that was seen
   */
  files(url: string, seen: Sighting): Promise<void>;
  /**
   * Holds a registry that is none of files against those that were seen, and against the key that is configured. Whoever
   * took over the web server of one would otherwise only have to call it another kind of registry, whose index nobody signs.
   * @throws PrompdError ESIGNATURE where a registry of files was, and for one of npm, which signs nothing with such a key
   */
  otherKind(url: string, kind: 'npm' | 'prompd'): Promise<void>;
}

/**
 * Trust in registries of files: in the key that the user's configuration names, else in the one that was seen first. The
 * key that a project names must be the registry's as well, and does not replace one that was seen.
 * @param home absolute path of the prompd folder; @param configured the key in base64, and who named it
 */
export function trustStore(
  home: string,
  { publicKey, publicKeyOrigin }: Pick<RegistryConfig, 'publicKey' | 'publicKeyOrigin'>,
): Trust {
  const file = path.join(home, FILE);
  const isConfigured = publicKeyOrigin === 'user';
  return {
    async files(url, seen) {
      if (publicKey !== undefined && publicKey !== seen.publicKey) throw otherKey(url, file, true);
      const before = (await readKnown(file))[url];
      check(before, { url, seen, file, isConfigured });
      if (before?.serial === seen.serial && before.publicKey === seen.publicKey) return;
      await changeFile(file, async () => {
        const all = await readKnown(file);
        // Another process may have seen a newer one in between.
        check(all[url], { url, seen, file, isConfigured });
        return `${JSON.stringify({ ...all, [url]: seen }, null, 2)}\n`;
      });
    },
    async otherKind(url, kind) {
      if (kind === 'npm' && publicKey !== undefined) {
        throw new PrompdError(
          'ESIGNATURE',
          `${url} is an npm registry, which has nothing signed by "publicKey".`,
          {
            facts: { registry: url },
            hint: 'Ask its owner. If it is meant to be one, take "publicKey" of the registry out of your configuration.',
          },
        );
      }
      if (!Object.hasOwn(await readKnown(file), url)) return;
      throw new PrompdError(
        'ESIGNATURE',
        `${url} was a signed registry of files, and now is of another kind.`,
        {
          facts: { registry: url },
          hint: `Ask its owner. If another registry was put there on purpose, remove the entry from ${file}.`,
        },
      );
    },
  };
}

interface Check {
  readonly url: string;
  readonly seen: Sighting;
  readonly file: string;
  /** Whether the key is the one that the user's configuration names. */
  readonly isConfigured: boolean;
}

function check(before: Sighting | undefined, { url, seen, file, isConfigured }: Check): void {
  if (before === undefined) return;
  if (before.publicKey !== seen.publicKey) {
    if (isConfigured) return;
    throw otherKey(url, file, false);
  }
  if (seen.serial >= before.serial) return;
  throw new PrompdError('EROLLBACK', `${url} shows an older state than it did before.`, {
    facts: { registry: url, seen: before.serial, found: seen.serial },
    hint: `Somebody put an old copy in its place. If that is meant, remove its entry from ${file}.`,
  });
}

function otherKey(url: string, file: string, isConfigured: boolean): PrompdError {
  return new PrompdError('ESIGNATURE', `${url} is signed by another key than the one that is trusted.`, {
    facts: { registry: url },
    hint: isConfigured
      ? 'Compare "publicKey" of the registry in your configuration with what its owner says.'
      : `Ask its owner. If the key was changed on purpose, remove the entry from ${file}.`,
  });
}

async function readKnown(file: string): Promise<Known> {
  const text = await readFileOrUndefined(file);
  const parsed = fileSchema.safeParse(text === undefined ? {} : parseJson(text, file));
  if (parsed.success) return parsed.data;
  throw new PrompdError('ECONFIG', `${file} is not prompd's list of known registries.`, {
    facts: { file },
    hint: 'Remove it: registries are then trusted as they are seen next.',
  });
}
