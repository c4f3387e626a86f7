import { parsePackageName } from 'prompd/core';
import { expectationOf, expectedRevisions, setRevision } from './conditional.js';
import * as answers from './module-answers.js';
import {
  compareQuery,
  moduleParams,
  modulesParams,
  newModuleBody,
  notesBody,
  promptParams,
} from './module-schemas.js';
import { defineModuleRoute, defineProjectRoute, type Route } from './route.js';

const BASE = '/projects/:project/modules';

export const moduleRoutes: readonly Route[] = [
  defineProjectRoute({
    method: 'get',
    path: BASE,
    id: 'listModules',
    summary: 'The modules of a project, so far as the caller may see them',
    action: 'project.read',
    params: modulesParams,
    answers: { 200: { description: 'By name', schema: answers.modules } },
    async handle({ subject: { scope } }, { actor, services, response }) {
      const found = await services.modules.list(actor, scope);
      response.json({ modules: found.map(answers.moduleDocument) });
    },
  }),
  defineProjectRoute({
    method: 'post',
    path: BASE,
    id: 'createModule',
    summary: 'Make a module: a package that nothing is published of yet',
    action: 'project.edit',
    params: modulesParams,
    body: newModuleBody,
    answers: { 201: { description: 'It is there', schema: answers.module } },
    async handle({ subject: { scope }, body: { module, ...notes } }, { actor, services, response, baseUrl }) {
      const made = await services.modules.create(actor, packageOf(scope, module), notes);
      setRevision(response, made.revision)
        .status(201)
        .set('location', `${baseUrl}/projects/${encodeURIComponent(scope)}/modules/${module}`)
        .json(answers.moduleDocument(made));
    },
  }),
  defineModuleRoute({
    method: 'get',
    path: `${BASE}/:module`,
    id: 'getModule',
    summary: 'A module and what is said of it',
    action: 'project.read',
    params: moduleParams,
    answers: { 200: { description: 'The module', schema: answers.module } },
    async handle({ subject: { name } }, { services, response }) {
      const found = await services.modules.find(name);
      setRevision(response, found.revision).json(answers.moduleDocument(found));
    },
  }),
  defineModuleRoute({
    method: 'put',
    path: `${BASE}/:module`,
    id: 'changeModule',
    summary: 'Change what is said of a module, archive it, or take it out of the archive',
    action: 'project.edit',
    params: moduleParams,
    body: notesBody,
    answers: { 200: { description: 'The module after the change', schema: answers.module } },
    async handle({ subject: { name }, body }, { actor, services, request, response }) {
      const { archived, ...notes } = body;
      const expectation = expectationOf(request);
      const changed = await services.modules.change(actor, name, { notes, archived, expectation });
      setRevision(response, changed.revision).json(answers.moduleDocument(changed));
    },
  }),
  defineModuleRoute({
    method: 'delete',
    path: `${BASE}/:module`,
    id: 'removeModule',
    summary: 'Delete a module; one of which something was published is archived instead',
    action: 'project.edit',
    params: moduleParams,
    answers: { 200: { description: 'What became of it', schema: answers.removal } },
    async handle({ subject: { name } }, { actor, services, request, response }) {
      const expected = expectedRevisions(request);
      response.json({ outcome: await services.modules.remove(actor, name, expected) });
    },
  }),
  defineModuleRoute({
    method: 'put',
    path: `${BASE}/:module/prompts/:prompt/notes`,
    id: 'describePrompt',
    summary: 'Change what is said of a prompt, beside what stands in its file',
    action: 'project.edit',
    params: promptParams,
    body: notesBody,
    answers: { 200: { description: 'What is said of it then', schema: answers.promptNotes } },
    async handle({ subject: { name }, params: { prompt }, body }, { actor, services, request, response }) {
      const { archived, ...notes } = body;
      const expectation = expectationOf(request);
      await services.drafts.prompt(name, prompt);
      const said = await services.modules.describePrompt(actor, name, {
        prompt,
        notes,
        archived,
        expectation,
      });
      setRevision(response, said.revision).json(answers.promptNotesDocument(said));
    },
  }),
  defineModuleRoute({
    method: 'get',
    path: `${BASE}/:module/history`,
    id: 'getModuleHistory',
    summary: 'All versions of a module, whatever became of them, newest first',
    action: 'project.read',
    params: moduleParams,
    answers: { 200: { description: 'The versions', schema: answers.history } },
    async handle({ subject: { name } }, { services, response }) {
      const versions = await services.history.versions(name);
      // One that was deleted has its history still.
      if (versions.length === 0) await services.modules.find(name);
      response.json({ versions: versions.map(answers.versionDocument) });
    },
  }),
  defineModuleRoute({
    method: 'get',
    path: `${BASE}/:module/prompts/:prompt/history`,
    id: 'getPromptHistory',
    summary: 'The versions in which a prompt became another one, newest first',
    action: 'project.read',
    params: promptParams,
    answers: { 200: { description: 'The changes', schema: answers.promptHistory } },
    async handle({ subject: { name }, params: { prompt } }, { services, response }) {
      const changes = await services.history.prompt(name, prompt);
      response.json({ changes: changes.map(answers.promptChangeDocument) });
    },
  }),
  defineModuleRoute({
    method: 'get',
    path: `${BASE}/:module/compare`,
    id: 'compareModule',
    summary: 'How two versions of a module differ, or a version and the draft',
    action: 'project.read',
    params: moduleParams,
    query: compareQuery,
    answers: { 200: { description: 'Contracts, manifest and texts', schema: answers.comparison } },
    async handle({ subject: { name }, query }, { actor, services, response }) {
      response.json(answers.comparisonDocument(await services.history.compare(actor, name, query)));
    },
  }),
];

function packageOf(scope: string, module: string) {
  return parsePackageName(`${scope}/${module}`);
}
