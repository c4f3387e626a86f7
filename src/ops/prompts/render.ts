import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PrompdError } from '../../core/errors.js';
import { systemCode } from '../../core/system-code.js';
import {
  coerceParameters,
  type Message,
  type RenderedPrompt,
  renderPrompt,
  valuesOrThrow,
} from '../../prompt/index.js';
import type { Context } from '../context.js';
import { type OpenPrompt, openPrompt } from './open-prompt.js';
import { type ParameterSources, readParameterSources } from './parameter-sources.js';

export interface RenderOptions extends ParameterSources {
  /** A file or a reference, as typed. */
  readonly prompt: string;
  /** Only the messages of these roles. */
  readonly roles?: readonly Message['role'][];
}

export interface RenderResult {
  /** How the prompt can be named again. */
  readonly prompt: string;
  readonly messages: readonly Message[];
  /** The plain-text form. */
  readonly text: string;
}

/**
 * Renders a prompt with values from flags, parameter files, defaults and the environment.
 * @throws PrompdError as `openPrompt` and `readParameterSources`; EPARAMETER with every missing, unknown and wrong
 *   value; ETEMPLATE, EUNDEFINED, ERENDER, ERENDERLIMIT with the place in the file
 */
export async function render(context: Context, { roles, ...options }: RenderOptions): Promise<RenderResult> {
  const opened = await openPrompt(context, options.prompt);
  const { messages, text } = await renderOpened(context, opened, options);
  const { title } = opened;
  if (!roles || roles.length === 0) return { prompt: title, messages, text };
  const chosen = messages.filter(({ role }) => roles.includes(role));
  return { prompt: title, messages: chosen, text: chosen.map(({ content }) => content).join('\n\n') };
}

/** Renders a prompt that was opened, after telling of its warnings. @throws PrompdError as `render` */
export async function renderOpened(
  context: Context,
  { prompt, problems }: OpenPrompt,
  sources: ParameterSources,
): Promise<RenderedPrompt> {
  for (const { file, line, message } of problems) context.progress.warn(`${file}:${line ?? 1} ${message}`);
  const definitions = prompt.parameters.map(({ definition }) => definition);
  const layers = await readParameterSources(context, definitions, sources);
  return renderPrompt(prompt, valuesOrThrow(coerceParameters(definitions, layers)));
}

/**
 * Writes what was rendered to a file, byte for byte.
 * @throws PrompdError EIO
 */
export async function writeRendered(context: Context, file: string, text: string): Promise<void> {
  try {
    await writeFile(path.resolve(context.cwd, file), text);
  } catch (cause) {
    const reason = systemCode(cause) ?? 'unknown';
    throw new PrompdError('EIO', `"${file}" cannot be written.`, { facts: { file, reason }, cause });
  }
}
