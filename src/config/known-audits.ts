import path from 'node:path';
import { z } from 'zod';
import { type SignedCheckpoint, signedCheckpointSchema } from '../core/audit-event.js';
import { PrompdError } from '../core/errors.js';
import { parseJson } from '../core/json.js';
import { changeFile, readFileOrUndefined } from './shared-file.js';

/** The newest checkpoint of each audit that was verified, by address of the registry and name of the chain. */
const FILE = 'known-audits.json';

const fileSchema = z.record(z.string(), signedCheckpointSchema);
type Known = z.infer<typeof fileSchema>;

/** What this user's processes remember of the audits of registries. */
export interface AuditMemory {
  /** Absolute path, for messages. */
  readonly file: string;
  recall(url: string, chain: string): Promise<SignedCheckpoint | undefined>;
  /** Remembers a checkpoint that holds, unless one of more rows is remembered. */
  advance(url: string, checkpoint: SignedCheckpoint): Promise<void>;
}

/** @param home absolute path of the prompd folder */
export function auditMemory(home: string): AuditMemory {
  const file = path.join(home, FILE);
  const keyOf = (url: string, chain: string) => `${url} ${chain}`;
  return {
    file,
    recall: async (url, chain) => (await readKnown(file))[keyOf(url, chain)],
    advance: (url, checkpoint) =>
      changeFile(file, async () => {
        const all = await readKnown(file);
        const key = keyOf(url, checkpoint.chain);
        if ((all[key]?.size ?? -1) >= checkpoint.size) return undefined;
        return `${JSON.stringify({ ...all, [key]: checkpoint }, null, 2)}\n`;
      }),
  };
}

async function readKnown(file: string): Promise<Known> {
  const text = await readFileOrUndefined(file);
  const parsed = fileSchema.safeParse(text === undefined ? {} : parseJson(text, file));
  if (parsed.success) return parsed.data;
  throw new PrompdError('ECONFIG', `${file} is not prompd's list of known audits.`, {
    facts: { file },
    hint: 'Remove it: audits are then trusted as they are seen next.',
  });
}
