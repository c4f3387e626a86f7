export type { Finding } from './finding.js';
export {
  applyPolicy,
  type Exception,
  type Judged,
  type Policy,
  readPolicy,
  type Verdict,
} from './policy.js';
export { POLICY_FILE } from './policy-file.js';
export type { RuleDescription } from './rule.js';
export { RULES } from './rule-table.js';
export { type RenderedText, scanRendered } from './scan-rendered.js';
export { scanTree } from './scan-tree.js';
