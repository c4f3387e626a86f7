import { PrompdError } from '../core/errors.js';
import type { Template } from '../core/template-nodes.js';
import type { EffectiveMessage, EffectivePrompt } from './effective-prompt.js';
import { composeMessages, type RenderedPrompt, variablesOf } from './message-order.js';
import { coerceParameters, valuesOrThrow } from './parameter-values.js';
import type { Role } from './role.js';
import { DEFAULT_LIMITS, type RenderLimits } from './template/budget.js';
import { parseTemplate } from './template/parser.js';
import { renderTemplate } from './template/renderer.js';
import { TemplateError } from './template/template-error.js';

/**
 * Renders a prompt from what was delivered: the same bytes as `renderPrompt` gives with its files.
 * @param values by parameter name; defaults are filled in
 * @param limits of each message
 * @throws PrompdError EPARAMETER for values; ETEMPLATE, EUNDEFINED, ERENDER, ERENDERLIMIT for templates, with `message`
 *   (the role), `line` and `column` in its text as facts
 */
export function renderEffective(
  prompt: EffectivePrompt,
  values: Readonly<Record<string, unknown>>,
  limits: RenderLimits = DEFAULT_LIMITS,
): RenderedPrompt {
  const checked = valuesOrThrow(coerceParameters(prompt.parameters, { files: [values] }));
  const variables = variablesOf(prompt.parameters, prompt.inputs, checked);
  const rendered = templatesOf(prompt).map(({ message, template }) => {
    try {
      return { role: message.role, text: renderTemplate(template(), variables, limits) };
    } catch (error) {
      throw error instanceof TemplateError ? located(error, message) : error;
    }
  });
  return composeMessages(rendered, prompt.contexts);
}

interface ParsedMessage {
  readonly message: EffectiveMessage;
  readonly template: () => Template;
}

const TEMPLATES = new WeakMap<EffectivePrompt, readonly ParsedMessage[]>();

/** Parsed once a prompt, however often it is rendered. */
function templatesOf(prompt: EffectivePrompt): readonly ParsedMessage[] {
  const known = TEMPLATES.get(prompt);
  if (known) return known;
  const roots = new Set(['inputs', ...prompt.borrowed, ...prompt.parameters.map(({ name }) => name)]);
  const made = prompt.messages.map(message => {
    let parsed: Template | undefined;
    return {
      message,
      template: () => {
        parsed ??= parseTemplate(message.text, roots);
        return parsed;
      },
    };
  });
  TEMPLATES.set(prompt, made);
  return made;
}

function located(error: TemplateError, { role, text }: { role: Role; text: string }): PrompdError {
  const before = text.slice(0, error.at ?? 0).split('\n');
  const [line, column] = [before.length, (before.at(-1)?.length ?? 0) + 1];
  return new PrompdError(error.code, `${role}:${line}:${column}: ${error.message}`, {
    facts: { message: role, line, column },
    hint: error.hint,
    cause: error,
  });
}
