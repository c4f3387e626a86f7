import { formatJson, MANIFEST_FILE, parseJson } from 'prompd/core';
import { z } from 'zod';
import type { FileContent } from '../../domain/draft.js';
import type { DraftChanges, DraftContent } from '../../ports/draft-repository.js';

/** The files of a draft on their way to where they are worked on. */
export function workFiles(files: ReadonlyMap<string, FileContent>) {
  const plain = [...files].map(([path, { encoding, content }]) => [path, { encoding, content }]);
  return { files: Object.fromEntries(plain) };
}

const jsonObject = z.record(z.string(), z.unknown());
const promptPaths = z.record(z.string(), z.string());

/** The manifest as it is written, whether it is one or not. */
export function manifestOf(files: ReadonlyMap<string, FileContent>): Readonly<Record<string, unknown>> {
  const text = files.get(MANIFEST_FILE)?.content ?? '{}';
  return jsonObject.safeParse(parseJson(text, MANIFEST_FILE)).data ?? {};
}

/** Prompt id to path, as far as the manifest says so. */
export function promptsOf(files: ReadonlyMap<string, FileContent>): Readonly<Record<string, string>> {
  return promptPaths.safeParse(manifestOf(files)['prompts']).data ?? {};
}

/** Ids of the prompts that are not the same in both: elsewhere, with another source, or in one alone. */
export function promptsBetween(
  before: ReadonlyMap<string, FileContent>,
  after: ReadonlyMap<string, FileContent>,
): readonly string[] {
  const [old, now] = [promptsOf(before), promptsOf(after)];
  const textIn = (files: ReadonlyMap<string, FileContent>, path = '') => files.get(path)?.content;
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
    id => old[id] !== now[id] || textIn(before, old[id]) !== textIn(after, now[id]),
  );
}

/** The manifest with a prompt at a path, or without it; nothing where it says so already. */
export function withPrompt(
  files: ReadonlyMap<string, FileContent>,
  prompt: string,
  path: string | undefined,
): [string, FileContent][] {
  const prompts = promptsOf(files);
  if (prompts[prompt] === path) return [];
  const left = Object.entries({ ...prompts, [prompt]: path }).filter(([, where]) => where !== undefined);
  return [[MANIFEST_FILE, jsonFile({ ...manifestOf(files), prompts: Object.fromEntries(left) })]];
}

/** A value as a file of a draft. */
export function jsonFile(value: object): FileContent {
  return { encoding: 'utf8', content: formatJson(value) };
}

/** What makes the files of a draft these, and no others. */
export function replacing(
  before: DraftContent | undefined,
  files: ReadonlyMap<string, FileContent>,
): DraftChanges {
  const gone = [...(before?.files.keys() ?? [])].filter(path => !files.has(path));
  return new Map<string, FileContent | null>([...gone.map((path): [string, null] => [path, null]), ...files]);
}
