import { agent } from './agent.js';
import { blank } from './blank.js';
import { classifier } from './classifier.js';
import { extractor } from './extractor.js';
import { judge } from './judge.js';
import { reviewer } from './reviewer.js';
import { summariser } from './summariser.js';
import type { Template } from './template.js';

export { FIRST_VERSION, NO_LICENSE, type Template } from './template.js';

/** What `prompd init --template` offers, in the order in which it is listed. */
export const TEMPLATES: readonly Template[] = [
  blank,
  reviewer,
  extractor,
  classifier,
  summariser,
  agent,
  judge,
];

/** The template of that kind, or undefined. */
export function findTemplate(kind: string): Template | undefined {
  return TEMPLATES.find(template => template.kind === kind);
}
