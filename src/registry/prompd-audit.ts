import { z } from 'zod';
import {
  auditChain,
  auditEventSchema,
  signedArchiveSchema,
  signedCheckpointSchema,
} from '../core/audit-event.js';
import type { RegistryAudit } from './audit.js';
import type { HttpClient } from './http.js';
import { readAnswer } from './json-answer.js';
import { asker, queryOf } from './prompd-ask.js';

/** More than a registry gives at once. */
const PAGE = 250;

const pageSchema = z.object({
  chain: auditChain,
  events: z.array(auditEventSchema).max(PAGE),
  next: z.int().nonnegative().nullable(),
  archives: z.array(signedArchiveSchema).max(10_000),
});
const checkpointsSchema = z.object({ checkpoints: z.array(signedCheckpointSchema).max(PAGE) });

/** The audit of a registry that speaks prompd's own protocol. */
export function prompdAudit(http: HttpClient, registryUrl: string): RegistryAudit {
  const ask = asker(http, registryUrl, 'the audit');
  const of = (project: string | undefined) =>
    project === undefined ? 'audit' : `projects/${encodeURIComponent(project)}/audit`;
  const about = (project: string | undefined) => ({
    subject: project === undefined ? 'the audit' : `the project ${project.slice(0, 100)}`,
  });
  return {
    page: async (project, { limit = PAGE, ...query }) =>
      readAnswer(
        await ask(
          'GET',
          `${of(project)}${queryOf({ ...query, limit: Math.min(limit, PAGE) })}`,
          about(project),
        ),
        pageSchema,
      ),
    sign: async project =>
      readAnswer(await ask('POST', `${of(project)}/checkpoints`, about(project)), signedCheckpointSchema),
    checkpoints: async (project, below) =>
      readAnswer(
        await ask('GET', `${of(project)}/checkpoints${queryOf({ below, limit: PAGE })}`, about(project)),
        checkpointsSchema,
      ).checkpoints,
  };
}
