import { DRAFT_LIMITS } from '../domain/draft.js';
import type { DraftContent } from '../ports/draft-repository.js';
import * as packageAnswers from './answers.js';
import { expectationOf, setRevision } from './conditional.js';
import * as answers from './module-answers.js';
import {
  beginBody,
  commitBody,
  draftFileParams,
  fileBody,
  manifestBody,
  moduleParams,
  promptBody,
  promptParams,
  restoreBody,
} from './module-schemas.js';
import { type Call, defineModuleRoute, type Route } from './route.js';
import { sendReceipt } from './send-receipt.js';

const MODULE = '/projects/:project/modules/:module';
/** A text may be twice as long in JSON, and each character take three bytes. */
const SOURCE_BYTES = DRAFT_LIMITS.file * 6;

export const draftRoutes: readonly Route[] = [
  defineModuleRoute({
    method: 'get',
    path: `${MODULE}/prompts`,
    id: 'listPrompts',
    summary: 'The prompts of the draft, or of the latest version where there is none',
    action: 'project.read',
    params: moduleParams,
    answers: { 200: { description: 'By id', schema: answers.prompts } },
    async handle({ subject: { name } }, { services, response }) {
      await services.modules.find(name);
      const said = await services.modules.promptNotes(name);
      const found = await services.drafts.prompts(name);
      response.json({ prompts: found.map(one => answers.listedPromptDocument(one, said)) });
    },
  }),
  defineModuleRoute({
    method: 'get',
    path: `${MODULE}/prompts/:prompt`,
    id: 'getPrompt',
    summary: 'A prompt as it is written',
    action: 'project.read',
    params: promptParams,
    answers: { 200: { description: 'The prompt, with its ETag', schema: answers.writtenPrompt } },
    async handle({ subject: { name }, params: { prompt } }, { services, response }) {
      await sendPrompt({ services, response }, name, prompt);
    },
  }),
  defineModuleRoute({
    method: 'put',
    path: `${MODULE}/prompts/:prompt`,
    id: 'writePrompt',
    summary: 'Write a prompt: a new one, or with If-Match the one that was read',
    action: 'project.edit',
    params: promptParams,
    body: promptBody,
    bodyBytes: SOURCE_BYTES,
    answers: {
      200: { description: 'The prompt as it is now', schema: answers.writtenPrompt },
      412: { description: 'Somebody else changed it' },
    },
    async handle({ subject: { name }, params: { prompt }, body }, { actor, services, request, response }) {
      const expectation = expectationOf(request);
      await services.drafts.writePrompt(actor, name, { prompt, ...body, expectation });
      await sendPrompt({ services, response }, name, prompt);
    },
  }),
  defineModuleRoute({
    method: 'delete',
    path: `${MODULE}/prompts/:prompt`,
    id: 'removePrompt',
    summary: 'Take a prompt out of the next version; published ones keep it',
    action: 'project.edit',
    params: promptParams,
    answers: { 204: { description: 'It is gone from the draft' } },
    async handle({ subject: { name }, params: { prompt } }, { actor, services, request, response }) {
      const expectation = expectationOf(request);
      await services.drafts.writePrompt(actor, name, { prompt, source: null, expectation });
      response.status(204).end();
    },
  }),
  defineModuleRoute({
    method: 'get',
    path: `${MODULE}/draft`,
    id: 'getDraft',
    summary: 'The next version of a module, as far as it is written',
    action: 'project.read',
    params: moduleParams,
    answers: { 200: { description: 'The draft, with its ETag', schema: answers.draft } },
    async handle({ subject: { name } }, { services, response }) {
      sendDraft(response, await services.drafts.read(name));
    },
  }),
  defineModuleRoute({
    method: 'post',
    path: `${MODULE}/draft`,
    id: 'beginDraft',
    summary: 'Begin a draft as a version, the latest by default; with If-Match in place of the one there is',
    action: 'project.edit',
    params: moduleParams,
    body: beginBody,
    answers: { 201: { description: 'The draft', schema: answers.draft } },
    async handle({ subject: { name }, body: { from } }, { actor, services, request, response }) {
      const expectation = expectationOf(request);
      const begun = await services.drafts.begin(actor, name, { version: from, expectation });
      sendDraft(response.status(201), begun);
    },
  }),
  defineModuleRoute({
    method: 'put',
    path: `${MODULE}/draft`,
    id: 'writeManifest',
    summary: 'Set members of the manifest; If-Match takes the revision of prompd.json',
    action: 'project.edit',
    params: moduleParams,
    body: manifestBody,
    answers: { 200: { description: 'The draft', schema: answers.draft } },
    async handle({ subject: { name }, body: fields }, { actor, services, request, response }) {
      const expectation = expectationOf(request);
      sendDraft(response, await services.drafts.writeManifest(actor, name, { fields, expectation }));
    },
  }),
  defineModuleRoute({
    method: 'delete',
    path: `${MODULE}/draft`,
    id: 'discardDraft',
    summary: 'Throw the draft away',
    action: 'project.edit',
    params: moduleParams,
    answers: { 204: { description: 'It is gone' } },
    async handle({ subject: { name } }, { actor, services, request, response }) {
      await services.drafts.discard(actor, name, expectationOf(request));
      response.status(204).end();
    },
  }),
  defineModuleRoute({
    method: 'get',
    path: `${MODULE}/draft/files/:path`,
    id: 'getDraftFile',
    summary:
      'A file of the draft, or of the latest version where there is none; slashes in its path are written as `%2F`',
    action: 'project.read',
    params: draftFileParams,
    answers: { 200: { description: 'The file, with its ETag', schema: answers.file } },
    async handle({ subject: { name }, params: { path } }, { services, response }) {
      const found = await services.drafts.file(name, path);
      setRevision(response, found.revision).json(answers.fileDocument(found));
    },
  }),
  defineModuleRoute({
    method: 'put',
    path: `${MODULE}/draft/files/:path`,
    id: 'writeDraftFile',
    summary: 'Write a text of the module that is no prompt, such as its README',
    action: 'project.edit',
    params: draftFileParams,
    body: fileBody,
    bodyBytes: SOURCE_BYTES,
    answers: { 200: { description: 'The file as it is now', schema: answers.file } },
    async handle({ subject: { name }, params: { path }, body }, { actor, services, request, response }) {
      const expectation = expectationOf(request);
      await services.drafts.writeFile(actor, name, { path, content: body.content, expectation });
      const found = await services.drafts.file(name, path);
      setRevision(response, found.revision).json(answers.fileDocument(found));
    },
  }),
  defineModuleRoute({
    method: 'delete',
    path: `${MODULE}/draft/files/:path`,
    id: 'removeDraftFile',
    summary: 'Take a text out of the next version',
    action: 'project.edit',
    params: draftFileParams,
    answers: { 204: { description: 'It is gone from the draft' } },
    async handle({ subject: { name }, params: { path } }, { actor, services, request, response }) {
      const expectation = expectationOf(request);
      await services.drafts.writeFile(actor, name, { path, content: null, expectation });
      response.status(204).end();
    },
  }),
  defineModuleRoute({
    method: 'get',
    path: `${MODULE}/draft/problems`,
    id: 'checkDraft',
    summary: 'What publishing the draft would say',
    action: 'project.read',
    params: moduleParams,
    answers: { 200: { description: 'Errors and warnings', schema: answers.problems } },
    async handle({ subject: { name } }, { services, response }) {
      response.json(answers.problemsDocument(await services.drafts.problems(name)));
    },
  }),
  defineModuleRoute({
    method: 'post',
    path: `${MODULE}/draft/restore`,
    id: 'restoreVersion',
    summary:
      'Take the draft, or one prompt of it, back to what a version holds; If-Match as for what is replaced',
    action: 'project.edit',
    params: moduleParams,
    body: restoreBody,
    answers: { 200: { description: 'The draft', schema: answers.draft } },
    async handle({ subject: { name }, body: { version, prompt } }, { actor, services, request, response }) {
      const expectation = expectationOf(request);
      const restored =
        prompt === undefined
          ? await services.drafts.begin(actor, name, { version, expectation })
          : await services.drafts.restorePrompt(actor, name, { prompt, version, expectation });
      sendDraft(response, restored);
    },
  }),
  defineModuleRoute({
    method: 'post',
    path: `${MODULE}/draft/commit`,
    id: 'commitDraft',
    summary: 'Make a version of the draft and publish it; If-Match takes the ETag of the draft',
    action: 'project.edit',
    params: moduleParams,
    body: commitBody,
    answers: {
      201: { description: 'It is published', schema: packageAnswers.receipt },
      202: { description: 'It waits for approval', schema: packageAnswers.receipt },
      412: { description: 'Somebody else changed the draft' },
    },
    async handle({ subject: { name }, body }, { actor, services, request, response }) {
      const expectation = expectationOf(request);
      const receipt = await services.commits.commit(actor, name, { ...body, expectation });
      sendReceipt(response, receipt);
    },
  }),
];

function sendDraft(response: Call['response'], content: DraftContent): void {
  setRevision(response, content.draft.revision).json(answers.draftDocument(content));
}

async function sendPrompt(
  { services, response }: Pick<Call, 'services' | 'response'>,
  name: Parameters<Call['services']['drafts']['prompt']>[0],
  prompt: string,
): Promise<void> {
  const written = await services.drafts.prompt(name, prompt);
  const said = await services.modules.promptNotes(name);
  setRevision(response, written.revision).json(answers.writtenPromptDocument(written, said));
}
