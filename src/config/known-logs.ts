import path from 'node:path';
import { z } from 'zod';
import { PrompdError } from '../core/errors.js';
import { parseJson } from '../core/json.js';
import type { SignedTreeHead } from '../core/transparency-log.js';
import { changeFile, readFileOrUndefined } from './shared-file.js';

/** The last head of each transparency log that was seen, by address of the registry. */
const FILE = 'known-logs.json';

const fileSchema = z.record(
  z.string(),
  z.object({
    size: z.int().nonnegative(),
    root: z.base64(),
    timestamp: z.int().nonnegative(),
    publicKey: z.base64(),
    signature: z.base64(),
  }),
);
type Known = z.infer<typeof fileSchema>;

/** What this user's processes remember of the logs of registries. */
export interface LogMemory {
  /** Absolute path, for messages. */
  readonly file: string;
  recall(url: string): Promise<SignedTreeHead | undefined>;
  /**
   * Remembers a head in place of the one that it was held against.
   * @returns false when another process has remembered another one meanwhile: the new head must be held against that
   */
  advance(url: string, before: SignedTreeHead | undefined, head: SignedTreeHead): Promise<boolean>;
}

/** @param home absolute path of the prompd folder */
export function logMemory(home: string): LogMemory {
  const file = path.join(home, FILE);
  return {
    file,
    recall: async url => (await readKnown(file))[url],
    async advance(url, before, head) {
      if (before !== undefined && isSameTree(before, head)) return true;
      let advanced = false;
      await changeFile(file, async () => {
        const all = await readKnown(file);
        const now = all[url];
        advanced = now === before || (now !== undefined && before !== undefined && isSameTree(now, before));
        if (advanced) return `${JSON.stringify({ ...all, [url]: head }, null, 2)}\n`;
        advanced = now !== undefined && isSameTree(now, head);
        return undefined;
      });
      return advanced;
    },
  };
}

function isSameTree(a: SignedTreeHead, b: SignedTreeHead): boolean {
  return a.size === b.size && a.root === b.root && a.publicKey === b.publicKey;
}

async function readKnown(file: string): Promise<Known> {
  const text = await readFileOrUndefined(file);
  const parsed = fileSchema.safeParse(text === undefined ? {} : parseJson(text, file));
  if (parsed.success) return parsed.data;
  throw new PrompdError('ECONFIG', `${file} is not prompd's list of known transparency logs.`, {
    facts: { file },
    hint: 'Remove it: logs are then trusted as they are seen next.',
  });
}
