import path from 'node:path';
import { loadPrompt } from '#prompd/prompt/load.js';
import type { LoadedPrompt } from '#prompd/prompt/loaded-prompt.js';
import type { PromptFile, PromptResolver } from '#prompd/prompt/prompt-file.js';
import { type RenderedPrompt, renderPrompt } from '#prompd/prompt/render.js';

/** A prompt file from its text. */
export function fileOf(text: string, name = 'main.prompd'): PromptFile {
  return { id: name, path: name, text };
}

/** Finds files by path; `@scope/name/<path>` holds what package references lead to. */
export function resolverOf(files: Readonly<Record<string, string>>): PromptResolver {
  const find = (name: string) => {
    const text = files[name];
    return text === undefined ? undefined : fileOf(text, name);
  };
  return {
    relative: async (from, target) => find(path.posix.join(path.posix.dirname(from.path), target)),
    reference: async (_from, { name, prompt, path: inner }) =>
      find(`${name}/${inner ?? `${prompt ?? 'main'}.prompd`}`),
  };
}

export async function loadOf(
  files: Readonly<Record<string, string>>,
  main = 'main.prompd',
): Promise<LoadedPrompt> {
  const { prompt, problems } = await loadPrompt(fileOf(files[main] ?? '', main), resolverOf(files));
  if (prompt) return prompt;
  throw new Error(problems.map(problem => `${problem.line}:${problem.column} ${problem.message}`).join('\n'));
}

/** Renders a prompt made of one file, or of several by name. */
export async function renderOf(
  files: string | Readonly<Record<string, string>>,
  values: Readonly<Record<string, unknown>> = {},
): Promise<RenderedPrompt> {
  return renderPrompt(await loadOf(typeof files === 'string' ? { 'main.prompd': files } : files), values);
}

/** Findings in one line each, as tests compare them. */
export function brief(
  problems: readonly { code: string; severity: string; file: string; line?: number; column?: number }[],
): string[] {
  return problems.map(({ code, severity, file, line, column }) => {
    const place = line === undefined ? '' : `:${line}:${column}`;
    return `${file}${place} ${severity === 'error' ? '' : 'warning '}${code}`;
  });
}
