import { createReadStream } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { DEFAULT_ALIAS } from '../../config/config.js';
import { auditMemory } from '../../config/known-audits.js';
import { logMemory } from '../../config/known-logs.js';
import { type SignedCheckpoint, signedCheckpointSchema } from '../../core/audit-event.js';
import { PrompdError } from '../../core/errors.js';
import { parseJson } from '../../core/json.js';
import { systemCode } from '../../core/system-code.js';
import { type AuditQuery, registryConfig } from '../../registry/index.js';
import {
  type AuditLine,
  type AuditVerdict,
  AuditVerifier,
  auditCsv,
  auditLines,
  auditLineText,
  CSV_HEADER,
  parseAuditLine,
} from '../../verify/index.js';
import type { Context } from '../context.js';
import { type AuditPlace, openAudit } from './registry-audit.js';

export type AuditFormat = 'jsonl' | 'csv';

/** What was found of an audit. */
export interface AuditCheck extends AuditVerdict {
  readonly registry: string;
  readonly file: string;
  /** Whether nothing is wrong. */
  readonly verified: boolean;
  /** Size of the checkpoint that was remembered, and that it was held against; null for none. */
  readonly remembered: number | null;
}

export interface AuditExportOptions {
  /** A project; undefined for what belongs to none. */
  readonly project: string | undefined;
  /** Relative to the folder that the user works in; replaced when it is there. */
  readonly file: string;
  readonly format: AuditFormat;
  readonly query: Omit<AuditQuery, 'limit'>;
}

/**
 * Writes an audit to a file, and verifies it as it comes: against what is signed in it, and against the newest checkpoint
 * that was seen before, which it replaces when it holds.
 * @throws PrompdError ENOTFOUND, EAUTH, EFORBIDDEN, EUNSUPPORTED, EIO
 */
export async function exportAudit(
  context: Context,
  { project, file: named, format, query }: AuditExportOptions,
): Promise<AuditCheck> {
  const file = path.resolve(context.cwd, named);
  const place = await openAudit(context, project);
  const memory = auditMemory(context.config.home);
  const known = await memory.recall(place.registry.url, place.chain);
  const verifier = new AuditVerifier({
    known: known ? [known] : [],
    publicKey: await trustedKey(context, place.registry.alias),
  });
  await writeAside(file, async write => {
    if (format === 'csv') await write(CSV_HEADER);
    for await (const line of linesOf(place, query)) {
      verifier.push(line);
      if (format === 'jsonl') await write(`${auditLineText(line)}\n`);
      else if (line.kind === 'event') await write(auditCsv(line.event));
    }
  });
  return settle(context, { verdict: verifier.end(), file, registry: place.registry.url, known });
}

export interface AuditVerifyOptions {
  /** Of an export, relative to the folder that the user works in. */
  readonly file: string;
  /** Files with checkpoints that were kept elsewhere. */
  readonly checkpoints: readonly string[];
  /** The public key of the registry, in base64. */
  readonly key: string | undefined;
}

/**
 * Verifies an export without the network: against what is signed in it, what was kept elsewhere, and the newest checkpoint
 * of its chain that was seen at the default registry.
 * @throws PrompdError ENOFILE; EBADJSON for a checkpoint that is none
 */
export async function verifyAudit(
  context: Context,
  { file: named, checkpoints, key }: AuditVerifyOptions,
): Promise<AuditCheck> {
  const file = path.resolve(context.cwd, named);
  const kept: SignedCheckpoint[] = [];
  for (const one of checkpoints) kept.push(await readCheckpoint(path.resolve(context.cwd, one)));
  const { url: registry } = registryConfig(context.config, DEFAULT_ALIAS);
  const memory = auditMemory(context.config.home);
  let verifier: AuditVerifier | undefined;
  let known: SignedCheckpoint | undefined;
  try {
    for await (const text of auditLines(createReadStream(file, 'utf8'))) {
      const line = parseAuditLine(text);
      if (verifier === undefined) {
        known = line?.kind === 'header' ? await memory.recall(registry, line.header.chain) : undefined;
        verifier = new AuditVerifier({
          known: known ? [known, ...kept] : kept,
          publicKey: key ?? (await trustedKey(context, DEFAULT_ALIAS)),
        });
      }
      verifier.push(line);
    }
  } catch (cause) {
    if (systemCode(cause) === undefined) throw cause;
    throw new PrompdError('ENOFILE', `${named} cannot be read.`, { facts: { file }, cause });
  }
  verifier ??= new AuditVerifier({ known: kept, publicKey: key });
  return settle(context, { verdict: verifier.end(), file, registry, known });
}

/** What was verified is remembered; what has a fault is not. */
async function settle(
  { config }: Context,
  found: {
    verdict: AuditVerdict;
    file: string;
    registry: string;
    known: SignedCheckpoint | undefined;
  },
): Promise<AuditCheck> {
  const { verdict, file, registry, known } = found;
  const verified = verdict.faults === 0;
  const newest = verdict.checkpoints.at(-1);
  if (verified && newest) await auditMemory(config.home).advance(registry, newest);
  return { registry, file, verified, remembered: known?.size ?? null, ...verdict };
}

/** The key that is configured for a registry, or by which its transparency log is known: it is the same one. */
async function trustedKey({ config }: Context, alias: string): Promise<string | undefined> {
  const { url, publicKey } = registryConfig(config, alias);
  return publicKey ?? (await logMemory(config.home).recall(url))?.publicKey;
}

/** All lines of an export, in their order. */
async function* linesOf(
  { registry: { audit }, project, chain }: AuditPlace,
  query: Omit<AuditQuery, 'limit'>,
): AsyncGenerator<AuditLine> {
  const named = Object.entries(query).filter(([, value]) => value !== undefined);
  yield { kind: 'header', header: { chain, filter: Object.fromEntries(named) } };
  const newest = await audit.sign(project);
  let after = query.after ?? 0;
  let page = await audit.page(project, query);
  for (const archive of page.archives) yield { kind: 'archive', archive };
  yield { kind: 'checkpoint', checkpoint: newest };
  for (let below: number | undefined = newest.size; below !== undefined; ) {
    const some: readonly SignedCheckpoint[] = await audit.checkpoints(project, below);
    for (const checkpoint of some) yield { kind: 'checkpoint', checkpoint };
    const last: number | undefined = some.at(-1)?.size;
    below = last !== undefined && last < below ? last : undefined;
  }
  while (true) {
    for (const event of page.events) {
      if (event.seq > newest.size) return;
      yield { kind: 'event', event };
    }
    const next = page.next;
    // A registry that gives the same page for ever is none.
    if (next === null || next <= after) return;
    after = next;
    page = await audit.page(project, { ...query, after });
  }
}

async function readCheckpoint(file: string): Promise<SignedCheckpoint> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new PrompdError('ENOFILE', `${file} cannot be read.`, { facts: { file }, cause });
  });
  const raw = parseJson(text, file);
  const { registry: _registry, ...members } = Object(raw);
  const parsed = signedCheckpointSchema.safeParse(members);
  if (parsed.success) return parsed.data;
  throw new PrompdError('EBADJSON', `${file} is no checkpoint of an audit.`, {
    facts: { file },
    hint: '"prompd registry audit checkpoint --json" prints one.',
  });
}

/** The file gets its name when it is whole. */
async function writeAside(
  file: string,
  fill: (write: (text: string) => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const aside = `${file}.${process.pid}.new`;
  const handle = await open(aside, 'wx', 0o600).catch((cause: unknown) => {
    throw new PrompdError('EIO', `${file} cannot be written.`, { facts: { file }, cause });
  });
  try {
    await fill(text => handle.write(text));
    await handle.sync();
    await rename(aside, file);
  } finally {
    await handle.close();
    await rm(aside, { force: true });
  }
}
