import { PrompdError } from '../core/errors.js';
import { fencedBlock } from './language.js';
import type { LoadedContext, LoadedParameter } from './loaded-prompt.js';
import { type MessageSource, type MessageTemplate, messageTemplates } from './message-template.js';
import { coerceParameters, valuesOrThrow } from './parameter-values.js';
import { DEFAULT_LIMITS, type RenderLimits } from './template/budget.js';
import { renderTemplate } from './template/renderer.js';
import { TemplateError } from './template/template-error.js';
import { fromData, Missing, type Value } from './template/value.js';

export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface RenderedPrompt {
  /** System (with the context behind it), user (with the response instruction at its end), assistant examples. */
  readonly messages: readonly Message[];
  /** The contents of the messages, one blank line apart. */
  readonly text: string;
}

/** What rendering takes of a prompt: a loaded one has it, and so has one that was compiled. */
export interface RenderablePrompt extends MessageSource {
  readonly parameters: readonly Pick<LoadedParameter, 'definition'>[];
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly contexts: readonly Pick<LoadedContext, 'text' | 'language'>[];
}

/**
 * Renders a prompt.
 * @param values by parameter name, as `coerceParameters` gives them; defaults are filled in
 * @param limits of each message
 * @throws PrompdError EPARAMETER for values; ETEMPLATE, EUNDEFINED, ERENDER, ERENDERLIMIT for templates, each with
 *   `file`, `line` and `column` as facts
 */
export function renderPrompt(
  prompt: RenderablePrompt,
  values: Readonly<Record<string, unknown>>,
  limits: RenderLimits = DEFAULT_LIMITS,
): RenderedPrompt {
  const definitions = prompt.parameters.map(({ definition }) => definition);
  const checked = valuesOrThrow(coerceParameters(definitions, { files: [values] }));
  const variables = variablesOf(prompt, checked);
  const rendered = new Map<string, string>();
  for (const [slot, template] of messageTemplates(prompt))
    rendered.set(slot, renderSlot(template, variables, limits));
  const contexts = prompt.contexts.map(({ text, language }) => fencedBlock(text, language));
  const messages: Message[] = [];
  const add = (role: Message['role'], parts: readonly (string | undefined)[]) => {
    const content = parts.filter(part => part !== undefined && part.trim() !== '').join('\n\n');
    if (content !== '') messages.push({ role, content });
  };
  add('system', [rendered.get('system'), rendered.get('context'), ...contexts]);
  add('user', [rendered.get('user'), rendered.get('response')]);
  for (const { id, role } of prompt.sections) if (role === 'assistant') add('assistant', [rendered.get(id)]);
  return { messages, text: messages.map(({ content }) => content).join('\n\n') };
}

function variablesOf(
  prompt: RenderablePrompt,
  values: Readonly<Record<string, unknown>>,
): Map<string, Value> {
  const variables = new Map<string, Value>([['inputs', fromData(prompt.inputs)]]);
  for (const { definition } of prompt.parameters) {
    const { name } = definition;
    const given = Object.hasOwn(values, name);
    variables.set(name, given ? toValue(name, values[name]) : new Missing(name, 'optional'));
  }
  return variables;
}

function toValue(name: string, data: unknown): Value {
  try {
    return fromData(data);
  } catch (cause) {
    if (!(cause instanceof TemplateError)) throw cause;
    const message = `The value of the parameter "${name}" cannot be used: ${cause.message}`;
    throw new PrompdError('EPARAMETER', message, { facts: { parameters: [name] }, cause });
  }
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
