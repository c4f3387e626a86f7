import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { BootstrapFile, BootstrapPrompt } from '../../client/index.js';
import { wantedOf } from '../../client/wanted.js';
import { PrompdError } from '../../core/errors.js';
import { formatJson } from '../../core/json.js';
import { systemCode } from '../../core/system-code.js';
import type { Context } from '../context.js';
import { DeliveryClients } from './delivery-clients.js';

/** The longest that one prompt is waited for, in milliseconds. */
const PATIENCE_MS = 30_000;

export interface BootstrapOptions {
  /** Relative to the folder that the user works in. */
  readonly file: string;
  /** As in `@bank/kyc:summary` or `@bank/kyc@1.2.0:summary`. */
  readonly references: readonly string[];
  readonly tag?: string | undefined;
  readonly model?: string | undefined;
}

export interface WrittenBootstrap {
  readonly file: string;
  readonly madeAt: string;
  readonly prompts: readonly {
    readonly reference: string;
    readonly version: string;
    readonly digest: string;
  }[];
}

/**
 * Writes what registries deliver now into a file that applications are shipped with.
 * @throws PrompdError as the client's `get`; EIO
 */
export async function writeBootstrap(
  context: Context,
  { file, references, tag = 'production', model }: BootstrapOptions,
): Promise<WrittenBootstrap> {
  const clients = new DeliveryClients(context, { tag, isFresh: true, deadlineMs: PATIENCE_MS });
  // Taken before the first question, so that the file never seems younger than what is in it.
  const madeAt = context.now().toISOString();
  const prompts: BootstrapPrompt[] = [];
  const written: WrittenBootstrap['prompts'][number][] = [];
  let registry = '';
  try {
    for (const reference of references) {
      const wanted = wantedOf(reference, { model }, { scope: undefined, tag });
      const client = await clients.of(reference);
      registry ||= client.registry;
      const { source: _source, age: _age, stale: _stale, ...answer } = await client.get(reference, { model });
      const { package: name, prompt, tag: channel, version } = wanted;
      prompts.push({ package: name, prompt, tag: channel, version, model, answer });
      written.push({ reference, version: answer.version ?? '', digest: answer.digest });
    }
  } finally {
    await clients.close();
  }
  const content: BootstrapFile = { format: 'prompd-bootstrap', formatVersion: 1, registry, madeAt, prompts };
  const target = path.resolve(context.cwd, file);
  try {
    await writeFileAtomic(target, formatJson(content));
  } catch (cause) {
    const reason = systemCode(cause) ?? 'unknown';
    throw new PrompdError('EIO', `"${file}" cannot be written.`, { facts: { file, reason }, cause });
  }
  return { file, madeAt, prompts: written };
}
