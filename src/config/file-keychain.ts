import { chmod, open } from 'node:fs/promises';
import { platform } from 'node:os';
import { PrompdError } from '../core/errors.js';
import { formatJson, parseJson } from '../core/json.js';
import { systemCode } from '../core/system-code.js';
import type { Keychain } from './keychain.js';
import { changeFile } from './shared-file.js';

/** Anything that group or others may do with the file. */
const OTHERS = 0o077;
/** Windows has no such modes: its profile folders are private by their own rules. */
const POSIX = platform() !== 'win32';
/** Service to account to password. */
type Credentials = Record<string, Record<string, string>>;

/**
 * Keeps credentials in one file that only its owner can read.
 *
 * A file that others can read is not refused, as that would lock people out of their own registry for a slip of
 * theirs: its mode is mended at once and the user is told to replace the tokens.
 * @param file absolute path; @param warn told once when others could read the file
 */
export function fileKeychain(file: string, warn: (message: string) => void): Keychain {
  const load = () => readCredentials(file, warn);
  const change = (edit: (all: Credentials) => boolean) => editCredentials(file, load, edit);
  return {
    async getPassword(service, account) {
      return own(own(await load(), service) ?? {}, account) ?? null;
    },
    async setPassword(service, account, password) {
      await change(all => {
        all[service] = { ...own(all, service), [account]: password };
        return true;
      });
    },
    async deletePassword(service, account) {
      return change(all => {
        const accounts = own(all, service);
        if (accounts === undefined || own(accounts, account) === undefined) return false;
        delete accounts[account];
        return true;
      });
    },
    async findCredentials(service) {
      const accounts = own(await load(), service) ?? {};
      return Object.entries(accounts).map(([account, password]) => ({ account, password }));
    },
  };
}

/** Two logins at once must not lose one: the file is read, changed and replaced under a lock. */
async function editCredentials(
  file: string,
  load: () => Promise<Credentials>,
  edit: (all: Credentials) => boolean,
): Promise<boolean> {
  let changed = false;
  await changeFile(file, async () => {
    const all = await load();
    changed = edit(all);
    return changed ? formatJson(all) : undefined;
  });
  return changed;
}

async function readCredentials(file: string, warn: (message: string) => void): Promise<Credentials> {
  const text = await readPrivate(file, warn);
  if (text === undefined) return {};
  const { z } = await import('zod');
  const schema = z.record(z.string(), z.record(z.string(), z.string()));
  const unreadable = (cause?: unknown) =>
    new PrompdError('ECONFIG', `${file} is not a credentials file of prompd's.`, {
      facts: { file },
      hint: 'Remove it and log in again with "prompd login".',
      // The parser quotes what it found, and that may be a token.
      ...(cause instanceof PrompdError ? {} : { cause }),
    });
  let raw: unknown;
  try {
    raw = parseJson(text, file);
  } catch (error) {
    throw unreadable(error);
  }
  const parsed = schema.safeParse(raw);
  if (!parsed.success) throw unreadable();
  return parsed.data;
}

async function readPrivate(file: string, warn: (message: string) => void): Promise<string | undefined> {
  const handle = await open(file, 'r').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (handle === undefined) return undefined;
  try {
    const { mode } = await handle.stat();
    if (POSIX && (mode & OTHERS) !== 0) {
      await chmod(file, 0o600);
      warn(
        `${file} could be read by other users of this machine; it is private again. Replace the tokens in it when others use this machine.`,
      );
    }
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
