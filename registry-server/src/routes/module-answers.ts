import type { Problem } from 'prompd/core';
import { z } from 'zod';
import type { DraftFile } from '../domain/draft.js';
import type { Module, PromptNotes } from '../domain/module.js';
import type { DraftContent } from '../ports/draft-repository.js';
import type { HistoricVersion } from '../ports/module-history.js';
import type { ModuleComparison } from '../services/drafts/draft-work.js';
import type { WrittenFile, WrittenPrompt } from '../services/drafts/drafts.js';
import type { PromptChange } from '../services/drafts/history.js';

/** The shapes of what is answered about modules and drafts. */
const notes = {
  description: z.string(),
  author: z.string(),
  intent: z.string(),
  complianceNotes: z.string(),
  tags: z.array(z.string()),
};

export const module = z
  .object({
    module: z.string(),
    package: z.string(),
    ...notes,
    revision: z.number(),
    latest: z.string().nullable(),
    hasDraft: z.boolean(),
    archived: z.boolean(),
    createdBy: z.string(),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .meta({ id: 'Module' });
export const modules = z.object({ modules: z.array(module) });
export const removal = z.object({ outcome: z.enum(['deleted', 'archived']) });

export const promptNotes = z
  .object({ prompt: z.string(), ...notes, revision: z.number(), archived: z.boolean() })
  .meta({ id: 'PromptNotes' });

const listedPrompt = z
  .object({
    prompt: z.string(),
    path: z.string(),
    revision: z.number().meta({ description: 'Its ETag' }),
    inDraft: z.boolean(),
    notes: promptNotes.nullable(),
  })
  .meta({ id: 'ListedPrompt' });
export const prompts = z.object({ prompts: z.array(listedPrompt) });
export const writtenPrompt = listedPrompt
  .extend({ source: z.string(), updatedBy: z.string().nullable(), updatedAt: z.string().nullable() })
  .meta({ id: 'WrittenPrompt' });

const draftFile = z.object({
  path: z.string(),
  encoding: z.enum(['utf8', 'base64']),
  size: z.number().meta({ description: 'Characters of its content' }),
  revision: z.number(),
  updatedBy: z.string(),
  updatedAt: z.string(),
});
export const draft = z
  .object({
    baseVersion: z.string().nullable(),
    revision: z.number(),
    updatedBy: z.string(),
    updatedAt: z.string(),
    manifest: z.unknown().meta({ description: 'prompd.json as it is written' }),
    files: z.array(draftFile),
  })
  .meta({ id: 'Draft' });
export const file = draftFile
  .extend({
    updatedBy: z.string().nullable().meta({ description: 'Null while there is no draft' }),
    updatedAt: z.string().nullable(),
    content: z.string(),
  })
  .meta({ id: 'DraftFile' });

const problem = z.looseObject({
  code: z.string(),
  severity: z.enum(['error', 'warning']),
  message: z.string(),
});
export const problems = z.object({ problems: z.array(problem) }).meta({ id: 'DraftProblems' });

const historicVersion = z
  .object({
    version: z.string(),
    status: z.string(),
    integrity: z.string(),
    publishedBy: z.string(),
    publishedAt: z.string(),
    deprecated: z.string().nullable(),
    yanked: z.boolean(),
    deleted: z.boolean(),
    revoked: z.boolean(),
    tags: z.array(z.string()),
  })
  .meta({ id: 'HistoricVersion' });
export const history = z.object({ versions: z.array(historicVersion) });
export const promptHistory = z.object({
  changes: z.array(
    z.object({
      version: historicVersion,
      digest: z.string().nullable(),
      change: z.enum(['added', 'changed', 'removed']),
    }),
  ),
});

export const comparison = z
  .looseObject({
    level: z.enum(['breaking', 'minor', 'patch']).optional(),
    needed: z.object({ bump: z.string(), version: z.string() }).optional(),
    changes: z.array(
      z.looseObject({
        kind: z.string(),
        level: z.enum(['breaking', 'minor', 'patch']),
        message: z.string(),
        prompt: z.string().optional(),
        path: z.string().optional(),
      }),
    ),
    uncompared: z.array(z.looseObject({ prompt: z.string() })),
    manifest: z.array(
      z.looseObject({ field: z.string(), before: z.unknown().optional(), after: z.unknown().optional() }),
    ),
    files: z.array(
      z.looseObject({
        path: z.string(),
        status: z.enum(['added', 'removed', 'changed']),
        patch: z.string().optional().meta({ description: 'A unified diff' }),
        note: z.string().optional().meta({ description: 'Why there is no patch' }),
      }),
    ),
  })
  .meta({ id: 'ModuleComparison' });

export function moduleDocument(found: Module): z.infer<typeof module> {
  const { archivedAt, createdAt, updatedAt, draftRevision, tags, ...rest } = found;
  return {
    module: found.package.slice(found.package.indexOf('/') + 1),
    ...rest,
    tags: [...tags],
    hasDraft: draftRevision !== null,
    archived: archivedAt !== null,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

export function promptNotesDocument({ archivedAt, tags, ...rest }: PromptNotes): z.infer<typeof promptNotes> {
  return { ...rest, tags: [...tags], archived: archivedAt !== null };
}

export function listedPromptDocument(
  { prompt, path, revision, file: written }: WrittenPrompt,
  said: readonly PromptNotes[],
): z.infer<typeof listedPrompt> {
  const own = said.find(one => one.prompt === prompt);
  return {
    prompt,
    path,
    revision,
    inDraft: written !== undefined,
    notes: own ? promptNotesDocument(own) : null,
  };
}

export function writtenPromptDocument(
  written: WrittenPrompt,
  said: readonly PromptNotes[],
): z.infer<typeof writtenPrompt> {
  return {
    ...listedPromptDocument(written, said),
    source: written.source,
    updatedBy: written.file?.updatedBy ?? null,
    updatedAt: written.file?.updatedAt.toISOString() ?? null,
  };
}

export function draftDocument({ draft: state, files }: DraftContent): z.infer<typeof draft> {
  const { baseVersion, revision, updatedBy, updatedAt } = state;
  return {
    baseVersion,
    revision,
    updatedBy,
    updatedAt: updatedAt.toISOString(),
    manifest: jsonOf(files.get('prompd.json')?.content),
    files: [...files.values()].map(fileEntry),
  };
}

export function fileDocument({
  path,
  encoding,
  content,
  revision,
  updatedBy,
  updatedAt,
}: WrittenFile): z.infer<typeof file> {
  return {
    path,
    encoding,
    size: content.length,
    revision,
    updatedBy: updatedBy ?? null,
    updatedAt: updatedAt?.toISOString() ?? null,
    content,
  };
}

export function problemsDocument(found: readonly Problem[]): z.infer<typeof problems> {
  return { problems: found.map(one => ({ ...one })) };
}

export function versionDocument(found: HistoricVersion): z.infer<typeof historicVersion> {
  const { id: _id, deletedAt, revokedAt, publishedAt, tags, ...rest } = found;
  return {
    ...rest,
    tags: [...tags],
    deleted: deletedAt !== null,
    revoked: revokedAt !== null,
    publishedAt: publishedAt.toISOString(),
  };
}

export function promptChangeDocument({ version, digest, change }: PromptChange) {
  return { version: versionDocument(version), digest, change };
}

export function comparisonDocument(found: ModuleComparison): object {
  return found;
}

function fileEntry({ path, encoding, content, revision, updatedBy, updatedAt }: DraftFile) {
  return { path, encoding, size: content.length, revision, updatedBy, updatedAt: updatedAt.toISOString() };
}

function jsonOf(text: string | undefined): unknown {
  try {
    return text === undefined ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
