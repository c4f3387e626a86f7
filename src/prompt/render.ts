import type { LoadedPrompt } from './loaded-prompt.js';
import { composeMessages, type RenderedPrompt, variablesOf } from './message-order.js';
import { type MessageTemplate, messageTemplates } from './message-template.js';
import { coerceParameters, valuesOrThrow } from './parameter-values.js';
import { roleOfSlot } from './slot.js';
import { DEFAULT_LIMITS, type RenderLimits } from './template/budget.js';
import { renderTemplate } from './template/renderer.js';
import { TemplateError } from './template/template-error.js';
import type { Value } from './template/value.js';

/**
 * Renders a prompt.
 * @param values by parameter name, as `coerceParameters` gives them; defaults are filled in
 * @param limits of each message
 * @throws PrompdError EPARAMETER for values; ETEMPLATE, EUNDEFINED, ERENDER, ERENDERLIMIT for templates, each with
 *   `file`, `line` and `column` as facts
 */
export function renderPrompt(
  prompt: LoadedPrompt,
  values: Readonly<Record<string, unknown>>,
  limits: RenderLimits = DEFAULT_LIMITS,
): RenderedPrompt {
  const definitions = prompt.parameters.map(({ definition }) => definition);
  const checked = valuesOrThrow(coerceParameters(definitions, { files: [values] }));
  const variables = variablesOf(definitions, prompt.inputs, checked);
  const rendered = [...messageTemplates(prompt)].map(([slot, template]) => ({
    role: roleOfSlot(prompt, slot),
    text: renderSlot(template, variables, limits),
  }));
  return composeMessages(rendered, prompt.contexts);
}

function renderSlot(
  template: MessageTemplate,
  variables: ReadonlyMap<string, Value>,
  limits: RenderLimits,
): string {
  try {
    return renderTemplate(template.template, variables, limits);
  } catch (error) {
    throw error instanceof TemplateError ? template.located(error) : error;
  }
}
