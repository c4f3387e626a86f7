import type { update } from '#prompd/ops/update/update.js';
import type { TestManifest } from '../../support/registry.js';

/** What moved, as `name from -> to kind`. */
export const moves = ({ moved }: Awaited<ReturnType<typeof update>>) =>
  moved.map(({ name, from, to, step }) => `${name} ${from} -> ${to} ${step.kind}`);

/** A package with one prompt, `ask`, that asks for a parameter; `more` are further ones, as YAML. */
export function ask(
  name: string,
  version: string,
  parameter: string,
  more = '',
): [TestManifest, { 'ask.prompd': string }] {
  const text = prompt('ask', parameter).replace('---\n\n#', `${more}---\n\n#`);
  return [{ name, version, prompts: { ask: 'ask.prompd' } }, { 'ask.prompd': text }];
}

/** The text of a prompt that asks for a parameter. */
export function prompt(name: string, parameter: string): string {
  return `---\nname: ${name}\nversion: 1.0.0\nparameters:\n  - name: ${parameter}\n    type: string\n    required: true\n---\n\n# User\n\nSay {{ ${parameter} }}.\n`;
}
