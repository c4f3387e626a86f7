import { AUDIT_SEVERITIES } from 'prompd/core';
import { z } from 'zod';
import { comparison } from './module-answers.js';
import { definePackageRoute } from './route.js';
import { packageParams, selectorParams, text, versionOrTag } from './schemas.js';

const findings = z
  .object({
    version: z.string(),
    findings: z.array(
      z.object({
        rule: z.string(),
        level: z.enum(AUDIT_SEVERITIES),
        message: z.string(),
        file: z.string(),
        line: z.number().optional(),
        column: z.number().optional(),
        hint: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'Findings' });

const publishedFile = z
  .object({
    version: z.string(),
    integrity: z.string().meta({ description: 'Of the archive that it is in' }),
    path: z.string(),
    encoding: z.enum(['utf8', 'base64']),
    content: z.string(),
    digest: z.string().meta({ description: 'SHA-256 of its bytes: `sha256-` and 64 hex digits' }),
  })
  .meta({ id: 'PublishedFile' });

const publishedFileParams = selectorParams.extend({
  path: text(300).min(1).meta({ description: 'Inside of the package', example: 'prompts/kyc.prompd' }),
});

const publishedComparison = comparison
  .extend({ from: z.string(), to: z.string() })
  .meta({ id: 'PublishedComparison' });

/** What published versions hold. They stand before the routes of versions, as their addresses look alike. */
export const publishedFilesRoutes = [
  definePackageRoute({
    method: 'get',
    path: '/packages/:name/compare',
    id: 'compareVersions',
    summary: 'How two published versions differ: contracts, manifest and texts',
    action: 'package.read',
    params: packageParams,
    query: z.strictObject({ from: versionOrTag, to: versionOrTag.default('latest') }),
    answers: { 200: { description: 'The differences', schema: publishedComparison } },
    async handle({ query, subject }, { actor, services, response }) {
      response.json(await services.publishedFiles.compare(actor, subject, query));
    },
  }),
  definePackageRoute({
    method: 'get',
    path: '/packages/:name/:version/files/:path',
    id: 'getPublishedFile',
    summary: 'A file of a version; slashes in its path are written as `%2F`',
    action: 'package.read',
    params: publishedFileParams,
    answers: { 200: { description: 'The file', schema: publishedFile } },
    async handle({ params: { version, path }, subject }, { services, response }) {
      const found = await services.publishedFiles.file(subject, version, path);
      response.json({ ...found });
    },
  }),
  definePackageRoute({
    method: 'get',
    path: '/packages/:name/:version/findings',
    id: 'getFindings',
    summary: 'What the scan of a version finds that its readers should know of',
    action: 'package.read',
    params: selectorParams,
    answers: { 200: { description: 'The findings, by place', schema: findings } },
    async handle({ params: { version }, subject }, { services, response }) {
      const found = await services.publishedFiles.findings(subject, version);
      response.json({
        version: found.version,
        findings: found.findings.map(({ rule, level, message, file, line, column, hint }) => ({
          rule,
          level,
          message,
          file,
          line,
          column,
          hint,
        })),
      });
    },
  }),
];
