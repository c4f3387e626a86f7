import {
  auditCsv,
  auditEventSchema,
  auditLineText,
  CSV_HEADER,
  signedArchiveSchema,
  signedCheckpointSchema,
} from 'prompd/verify';
import { z } from 'zod';
import { type AuditQuery, REGISTRY_CHAIN } from '../domain/audit.js';
import { BATCH_LIMITS, MAX_PAGE } from '../settings.js';
import { answerStream } from './answer-stream.js';
import { projectParams } from './project-schemas.js';
import { type Call, defineProjectRoute, defineRoute, type Route } from './route.js';
import { count, text, wholeNumber } from './schemas.js';

const word = text(300).min(1).optional();
const time = z.iso
  .datetime({ offset: true })
  .or(z.iso.date())
  .transform(raw => new Date(raw))
  .optional();
const NEWEST = 2_147_483_647;

const filter = {
  actor: word.meta({ description: 'A user; `ja*` for all that begin so' }),
  subject: word.meta({ description: 'As rows name it, `package @bank/kyc`; `version @bank/kyc@*`' }),
  action: word.meta({ description: '`version.publish`, or `grant.*`' }),
  from: time,
  to: time.meta({ description: 'Rows before this moment' }),
  after: wholeNumber(NEWEST).optional().meta({ description: 'Rows after the one of this number' }),
};
const pageQuery = z.strictObject({ ...filter, limit: count(MAX_PAGE, 100) });
const exportQuery = z.strictObject({ ...filter, format: z.enum(['jsonl', 'csv']).default('jsonl') });
const checkpointQuery = z.strictObject({
  below: wholeNumber(NEWEST).optional().meta({ description: 'Those of fewer rows' }),
  limit: count(MAX_PAGE, 100),
});

const page = z.object({
  chain: z.string(),
  events: z.array(auditEventSchema),
  next: z
    .number()
    .nullable()
    .meta({ description: 'The `after` of the next page; null when this is the last' }),
  archives: z.array(signedArchiveSchema).meta({ description: 'What was moved out of the registry' }),
});
const verification = z
  .object({
    chain: z.string(),
    rows: z.number(),
    state: z.enum(['holds', 'broken', 'too-long']),
    problems: z.array(z.object({ fault: z.string(), seq: z.number().nullable(), message: z.string() })),
    lastCheckpoint: signedCheckpointSchema.nullable(),
  })
  .meta({ id: 'AuditVerification' });
const checkpoints = z.object({ checkpoints: z.array(signedCheckpointSchema) });

/** Problems that one answer tells. */
const MAX_PROBLEMS = 20;

/** What each of the two kinds of chains can be asked. */
const READ = { id: 'Audit', path: '', summary: 'What was done, oldest first' } as const;
const EXPORT = { id: 'AuditExport', path: '/export', summary: 'All of it as a file' } as const;
const LIST = {
  id: 'AuditCheckpoints',
  path: '/checkpoints',
  summary: 'What was signed, newest first',
} as const;
const SIGN = {
  id: 'AuditCheckpoint',
  path: '/checkpoints',
  summary: 'Sign how many rows there are',
} as const;

const CHECK = {
  id: 'AuditVerification',
  path: '/verification',
  summary: 'Whether every row and every checkpoint holds, as the server sees it',
} as const;

const answers = {
  check: { 200: { description: 'What was found', schema: verification } },
  read: { 200: { description: 'A page', schema: page } },
  export: { 200: { description: 'JSON lines, or CSV', contentType: 'application/jsonl' } },
  list: { 200: { description: 'The checkpoints', schema: checkpoints } },
  sign: { 201: { description: 'The checkpoint', schema: signedCheckpointSchema } },
} as const;

const ofProject = { action: 'audit.read', params: projectParams } as const;
const inProject = ({ path }: { path: string }) => `/projects/:project/audit${path}`;

const projectAudit: readonly Route[] = [
  defineProjectRoute({
    ...ofProject,
    method: 'get',
    path: inProject(READ),
    id: `getProject${READ.id}`,
    summary: `${READ.summary}, in a project`,
    query: pageQuery,
    answers: answers.read,
    handle: ({ subject: { scope }, query }, call) => answerPage(scope, query, call),
  }),
  defineProjectRoute({
    ...ofProject,
    method: 'get',
    path: inProject(EXPORT),
    id: `getProject${EXPORT.id}`,
    summary: `${EXPORT.summary}, of a project`,
    query: exportQuery,
    answers: answers.export,
    handle: ({ subject: { scope }, query }, call) => answerFile(scope, query, call),
  }),
  defineProjectRoute({
    ...ofProject,
    method: 'get',
    path: inProject(LIST),
    id: `listProject${LIST.id}`,
    summary: `${LIST.summary}, of a project`,
    query: checkpointQuery,
    answers: answers.list,
    handle: ({ subject: { scope }, query }, call) => answerCheckpoints(scope, query, call),
  }),
  defineProjectRoute({
    ...ofProject,
    method: 'get',
    path: inProject(CHECK),
    id: `getProject${CHECK.id}`,
    summary: `${CHECK.summary}, of a project`,
    answers: answers.check,
    handle: ({ subject: { scope } }, call) => answerVerification(scope, call),
  }),
  defineProjectRoute({
    ...ofProject,
    method: 'post',
    path: inProject(SIGN),
    id: `signProject${SIGN.id}`,
    summary: `${SIGN.summary}, of a project`,
    answers: answers.sign,
    handle: ({ subject: { scope } }, call) => answerCheckpoint(scope, call),
  }),
];

const registryAudit: readonly Route[] = [
  defineRoute({
    action: 'registry.audit',
    method: 'get',
    path: `/audit${READ.path}`,
    id: `get${READ.id}`,
    summary: `${READ.summary}, outside of projects`,
    query: pageQuery,
    answers: answers.read,
    handle: ({ query }, call) => answerPage(REGISTRY_CHAIN, query, call),
  }),
  defineRoute({
    action: 'registry.audit',
    method: 'get',
    path: `/audit${EXPORT.path}`,
    id: `get${EXPORT.id}`,
    summary: `${EXPORT.summary}, outside of projects`,
    query: exportQuery,
    answers: answers.export,
    handle: ({ query }, call) => answerFile(REGISTRY_CHAIN, query, call),
  }),
  defineRoute({
    action: 'registry.audit',
    method: 'get',
    path: `/audit${LIST.path}`,
    id: `list${LIST.id}`,
    summary: `${LIST.summary}, outside of projects`,
    query: checkpointQuery,
    answers: answers.list,
    handle: ({ query }, call) => answerCheckpoints(REGISTRY_CHAIN, query, call),
  }),
  defineRoute({
    action: 'registry.audit',
    method: 'get',
    path: `/audit${CHECK.path}`,
    id: `get${CHECK.id}`,
    summary: `${CHECK.summary}, outside of projects`,
    answers: answers.check,
    handle: (_input, call) => answerVerification(REGISTRY_CHAIN, call),
  }),
  defineRoute({
    action: 'registry.audit',
    method: 'post',
    path: `/audit${SIGN.path}`,
    id: `sign${SIGN.id}`,
    summary: `${SIGN.summary}, outside of projects`,
    answers: answers.sign,
    handle: (_input, call) => answerCheckpoint(REGISTRY_CHAIN, call),
  }),
];

export const auditRoutes = [...projectAudit, ...registryAudit];

async function answerPage(
  chain: string,
  query: z.infer<typeof pageQuery>,
  { services, response }: Call,
): Promise<void> {
  const { events, next = null } = await services.audit.page(chain, query);
  response.json({ chain, events, next, archives: await services.audit.archives(chain) });
}

async function answerFile(
  chain: string,
  { format, ...query }: AuditQuery & { format: 'jsonl' | 'csv' },
  { services, response }: Call,
): Promise<void> {
  const name = chain.replaceAll(/[^\w.-]/g, '');
  response
    .set('content-type', format === 'csv' ? 'text/csv; charset=utf-8; header=present' : 'application/jsonl')
    .set('content-disposition', `attachment; filename="audit-${name}.${format}"`);
  const stream = answerStream(response, BATCH_LIMITS);
  if (format === 'csv') await stream.write(Buffer.from(CSV_HEADER));
  for await (const line of services.audit.lines(chain, query)) {
    if (format === 'csv' && line.kind !== 'event') continue;
    const written =
      line.kind === 'event' && format === 'csv' ? auditCsv(line.event) : `${auditLineText(line)}\n`;
    if (!(await stream.write(Buffer.from(written)))) return;
  }
  await stream.end(Buffer.alloc(0));
}

async function answerCheckpoints(
  chain: string,
  { below, limit }: z.infer<typeof checkpointQuery>,
  { services, response }: Call,
): Promise<void> {
  response.json({ checkpoints: await services.audit.checkpoints(chain, { below, limit }) });
}

async function answerVerification(chain: string, { services, response }: Call): Promise<void> {
  const { rows, verdict, last } = await services.audit.check(chain);
  const state = verdict === undefined ? 'too-long' : verdict.faults === 0 ? 'holds' : 'broken';
  const problems = (verdict?.problems ?? []).slice(0, MAX_PROBLEMS);
  response.set('cache-control', 'no-store').json({
    chain,
    rows,
    state,
    problems: problems.map(({ seq = null, ...rest }) => ({ ...rest, seq })),
    lastCheckpoint: last ?? null,
  });
}

async function answerCheckpoint(chain: string, { services, response }: Call): Promise<void> {
  response.status(201).json(await services.audit.checkpoint(chain));
}
