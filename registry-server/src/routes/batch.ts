import { isPackageName, isVersion } from 'prompd/core';
import { z } from 'zod';
import { ComposedGzip, type DeflatedText, deflatedText } from '../services/composed-gzip.js';
import { type Requirement, requirementOf } from '../services/resolvable-packument.js';
import type { BatchEntry } from '../services/tarball-batch.js';
import { BATCH_LIMITS } from '../settings.js';
import { answerStream } from './answer-stream.js';
import { defineRoute } from './route.js';

const { names: MAX_NAMES, tarballs: MAX_TARBALLS } = BATCH_LIMITS;
const few = <T>(all: Readonly<Record<string, T>>) => Object.keys(all).length <= MAX_NAMES;
const TOO_MANY = `must not have more than ${MAX_NAMES} members`;
const name = z.string().max(214);

const resolveBody = z
  .strictObject({
    requirements: z
      .record(name, z.array(z.string().max(512)).min(1).max(100))
      .refine(few, TOO_MANY)
      .meta({ description: 'Package name to the ranges, versions and tags that are asked of it' }),
    locked: z
      .record(name, z.array(z.string().max(256)).max(1000))
      .refine(few, TOO_MANY)
      .default({})
      .meta({ description: 'Package name to versions that stay: what they meet is not followed' }),
    known: z
      .record(name, z.string().max(256))
      .refine(few, TOO_MANY)
      .default({})
      .meta({ description: 'Package name to the ETag of the packument that the client has' }),
  })
  .meta({ id: 'ResolveRequest' });

const tarballsBody = z
  .strictObject({
    packages: z
      .array(z.string().max(480))
      .min(1)
      .max(MAX_TARBALLS)
      .meta({ description: 'Each as `name@version`', example: ['@bank/kyc-summary@1.0.0'] }),
  })
  .meta({ id: 'TarballsRequest' });

export const batchRoutes = [
  defineRoute({
    method: 'post',
    path: '/-/resolve',
    id: 'resolvePackuments',
    summary: 'All packuments that a resolution needs, one a line',
    action: 'package.read',
    body: resolveBody,
    bodyBytes: BATCH_LIMITS.bodyBytes,
    answers: { 200: { description: 'NDJSON', contentType: 'application/x-ndjson' } },
    async handle({ body }, { actor, services, request, response, baseUrl }) {
      const gzip = request.acceptsEncodings('gzip', 'identity') === 'gzip';
      response.status(200).set('cache-control', 'no-store').set('content-type', 'application/x-ndjson');
      if (gzip) response.set('content-encoding', 'gzip');
      const stream = answerStream(response, BATCH_LIMITS);
      const known = new Map(Object.entries(body.known));
      const walk = services.closure.walk({
        actor,
        roots: rootRequirements(body.requirements),
        locked: new Map(Object.entries(body.locked)),
        baseUrl,
        maxPackuments: BATCH_LIMITS.packuments,
        maxWork: BATCH_LIMITS.workTime,
      });
      const compressed = gzip ? new ComposedGzip() : undefined;
      const send = (lines: readonly DeflatedText[]) =>
        stream.write(compressed?.add(lines) ?? Buffer.concat(lines.map(({ text }) => text)));
      let packuments = 0;
      let bytes = 0;
      for (;;) {
        const step = await walk.next();
        const complete = step.done ? step.value : bytes <= BATCH_LIMITS.packumentBytes;
        if (step.done || !complete) {
          if (!(await send([line({ end: { packuments, complete } })]))) return;
          return stream.end(compressed?.end() ?? Buffer.alloc(0));
        }
        const lines: DeflatedText[] = [];
        const unchanged: string[] = [];
        for (const packument of step.value) {
          packuments++;
          if (known.get(packument.name) === packument.etag) unchanged.push(packument.name);
          else {
            bytes += packument.line.text.length;
            lines.push(packument.line);
          }
        }
        if (unchanged.length > 0) lines.push(line({ unchanged }));
        if (!(await send(lines))) return;
      }
    },
  }),
  defineRoute({
    method: 'post',
    path: '/-/tarballs',
    id: 'getArchives',
    summary: 'The archives of many versions in one answer',
    action: 'package.read',
    body: tarballsBody,
    answers: { 200: { description: 'The archives, framed', contentType: 'application/vnd.prompd.tarballs' } },
    async handle({ body: { packages } }, { actor, services, request, response }) {
      const wanted = [...new Set(packages)].map(namedVersion);
      response
        .status(200)
        .set('cache-control', 'no-store')
        .set('content-type', 'application/vnd.prompd.tarballs');
      const stream = answerStream(response, BATCH_LIMITS);
      let entries = 0;
      const options = { maxBytes: BATCH_LIMITS.tarballBytes, userAgent: request.headers['user-agent'] };
      for await (const entry of services.tarballBatch.entries(actor, wanted, options)) {
        entries++;
        if (!(await stream.write(frame(entry)))) return;
      }
      await stream.end(header({ end: { entries } }));
    },
  }),
];

function line(value: unknown): DeflatedText {
  return deflatedText(Buffer.from(`${JSON.stringify(value)}\n`));
}

/** What cannot be a requirement leads nowhere: the client finds that out by itself. */
function* rootRequirements(
  requirements: Readonly<Record<string, readonly string[]>>,
): Generator<Requirement | undefined, void> {
  for (const [asked, values] of Object.entries(requirements)) {
    if (!isPackageName(asked)) continue;
    for (const value of values) yield requirementOf(asked, value);
  }
}

/** @example `@bank/kyc@1.0.0`; what is no name and version is looked for all the same, and is not there */
function namedVersion(raw: string): { name: string; version: string } {
  const at = raw.lastIndexOf('@');
  const found = { name: raw.slice(0, Math.max(at, 0)), version: raw.slice(at + 1) };
  return isPackageName(found.name) && isVersion(found.version) ? found : { name: raw, version: '' };
}

function frame(entry: BatchEntry): Buffer {
  const { name, version } = entry;
  if (!('archive' in entry)) return header({ name, version, status: entry.status });
  const { archive, bytes } = entry;
  return Buffer.concat([header({ name, version, integrity: archive.integrity, size: bytes.length }), bytes]);
}

function header(value: unknown): Buffer {
  return Buffer.from(`${JSON.stringify(value)}\n`);
}
