import { type CompiledPrompt, openCompiled } from '../prompt/compiled-prompt.js';
import { type RenderablePrompt, type RenderedPrompt, renderPrompt } from '../prompt/render.js';
import type { PromptAnswer } from './prompt-answer.js';

/** Opened once, so that templates are parsed once. */
const OPENED = new WeakMap<CompiledPrompt, RenderablePrompt>();

/**
 * Renders what was delivered.
 * @throws PrompdError EPARAMETER, ETEMPLATE, EUNDEFINED, ERENDER, ERENDERLIMIT
 */
export function renderDelivered(
  { content, package: name, version, prompt, source }: PromptAnswer,
  parameters: Readonly<Record<string, unknown>>,
): RenderedPrompt {
  const label = `${name}@${version ?? source}/${prompt}`;
  // A fallback declares nothing: whatever its caller gives is a parameter of it.
  if (source === 'fallback') {
    const definitions = Object.keys(parameters).map(
      given => ({ name: given, type: 'json', required: false }) as const,
    );
    return renderPrompt(openCompiled({ ...content, parameters: definitions }, label), parameters);
  }
  let opened = OPENED.get(content);
  if (!opened) {
    opened = openCompiled(content, label);
    OPENED.set(content, opened);
  }
  return renderPrompt(opened, parameters);
}
