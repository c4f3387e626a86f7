import type { ParameterDefinition } from '../prompt/index.js';
import { code, plainText } from './markdown.js';

/** A parameter as Markdown: what it is, what it must be. */
export function parameterText(definition: ParameterDefinition): string {
  const { name, type, required, description, example, errorMessage, items, properties, ...rest } = definition;
  const { default: fallback, ...rules } = rest;
  const needed = required ? 'required' : fallback === undefined ? 'optional' : `default ${code(fallback)}`;
  const lines = Object.entries(rules).map(([rule, value]) => `- ${rule}: ${code(value)}`);
  if (items !== undefined) lines.push(`- items: ${items.type}`);
  if (properties !== undefined) lines.push(`- properties: ${Object.keys(properties).map(code).join(', ')}`);
  if (example !== undefined) lines.push(`- example: ${code(example)}`);
  if (errorMessage !== undefined) lines.push(`- otherwise: ${plainText(errorMessage)}`);
  return [`**${name}** \`${type}\`, ${needed}`, description && plainText(description), lines.join('\n')]
    .filter(part => part !== undefined && part !== '')
    .join('\n\n');
}
