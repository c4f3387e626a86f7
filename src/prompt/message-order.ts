import { PrompdError } from '../core/errors.js';
import { fencedBlock } from './language.js';
import type { ParameterDefinition } from './parameter-type.js';
import type { Role } from './role.js';
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

/**
 * Puts rendered sections in the order in which a model gets them.
 * @param sections in the order in which they are written
 * @param contexts texts that become fenced blocks behind the context
 */
export function composeMessages(
  sections: readonly { readonly role: Role; readonly text: string }[],
  contexts: readonly { readonly text: string; readonly language: string }[],
): RenderedPrompt {
  const textsOf = (role: Role) => sections.filter(section => section.role === role).map(({ text }) => text);
  const messages: Message[] = [];
  const add = (role: Message['role'], parts: readonly string[]) => {
    const content = parts.filter(part => part.trim() !== '').join('\n\n');
    if (content !== '') messages.push({ role, content });
  };
  const blocks = contexts.map(({ text, language }) => fencedBlock(text, language));
  add('system', [...textsOf('system'), ...textsOf('context'), ...blocks]);
  add('user', [...textsOf('user'), ...textsOf('response')]);
  for (const example of textsOf('assistant')) add('assistant', [example]);
  return { messages, text: messages.map(({ content }) => content).join('\n\n') };
}

/**
 * The variables of a prompt's templates.
 * @param values that were checked against the definitions
 * @throws PrompdError EPARAMETER for data that templates cannot hold
 */
export function variablesOf(
  definitions: readonly ParameterDefinition[],
  inputs: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, unknown>>,
): Map<string, Value> {
  const variables = new Map<string, Value>([['inputs', fromData(inputs)]]);
  for (const { name } of definitions) {
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
