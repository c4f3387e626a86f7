export type { Finding } from './finding.js';
export type { RuleDescription } from './rule.js';
export { RULES } from './rule-table.js';
export { type RenderedText, scanRendered } from './scan-rendered.js';
export { scanTree } from './scan-tree.js';
