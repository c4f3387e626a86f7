import { isDistTag, isPackageName } from 'prompd/core';
import { z } from 'zod';
import { DRAFT_LIMITS } from '../domain/draft.js';
import { projectScope } from './project-schemas.js';
import { access, distTag, text, version } from './schemas.js';

const moduleName = z
  .string()
  .max(200)
  .refine(raw => isPackageName(`@x/${raw}`), {
    message: 'is not a name of a module',
    params: { problem: 'EBADNAME' },
  })
  .meta({ description: 'The package without its scope', example: 'kyc' });

const promptId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'is not the id of a prompt')
  .meta({ example: 'summary' });

/** Text that is kept as it was written: what is no Unicode could not be. */
const source = text(DRAFT_LIMITS.file).refine(raw => !/\p{Surrogate}/u.test(raw), 'must be Unicode text');
const path = text(300).min(1).meta({ description: 'Inside of the package', example: 'README.md' });

export const modulesParams = z.strictObject({ project: projectScope });
export const moduleParams = z.strictObject({ project: projectScope, module: moduleName });
export const promptParams = z.strictObject({ project: projectScope, module: moduleName, prompt: promptId });
export const draftFileParams = z.strictObject({ project: projectScope, module: moduleName, path });

const notes = {
  description: text(2000),
  author: text(200),
  intent: text(4000),
  complianceNotes: text(20_000),
  tags: z.array(text(60).min(1)).max(50),
};

export const newModuleBody = z
  .strictObject({ module: moduleName, ...z.object(notes).partial().shape })
  .meta({ id: 'NewModule' });

export const notesBody = z
  .strictObject({ ...z.object(notes).partial().shape, archived: z.boolean().optional() })
  .meta({ id: 'Notes', description: 'What is named is changed.' });

export const promptBody = z
  .strictObject({
    source: source.meta({ description: 'The whole .prompd file' }),
    path: path.optional().meta({ description: 'Where a new prompt lies; `prompts/<id>.prompd` by default' }),
  })
  .meta({ id: 'PromptSource' });

export const fileBody = z.strictObject({ content: source });

/** Name, version and prompts have addresses of their own. */
export const manifestBody = z
  .looseObject({})
  .refine(
    fields => !['name', 'version', 'prompts'].some(owned => Object.hasOwn(fields, owned)),
    'must not hold name, version or prompts: they are set in other ways',
  )
  .meta({ id: 'ManifestFields', description: 'Members of prompd.json; null removes one.' });

const versionOrTag = z
  .string()
  .max(256)
  .refine(raw => version.safeParse(raw).success || isDistTag(raw), 'is no version')
  .meta({ example: '1.2.0' });

export const beginBody = z.strictObject({ from: version.optional() });
export const restoreBody = z.strictObject({ version, prompt: promptId.optional() });

export const commitBody = z
  .strictObject({
    version: z
      .union([z.enum(['auto', 'major', 'minor', 'patch']), version])
      .default('auto')
      .meta({ description: 'An exact version or a step; `auto` takes the one that the changes need' }),
    tag: distTag.default('latest'),
    access: access.optional().meta({ description: 'Of a new package; `private` by default' }),
    allowBreaking: z.boolean().default(false),
  })
  .meta({ id: 'Commit' });

export const compareQuery = z.strictObject({
  from: versionOrTag.meta({ description: 'A version, or `draft`' }),
  to: versionOrTag.default('draft'),
  prompt: promptId.optional(),
});
