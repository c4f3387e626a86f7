export type { Finding } from './finding.js';
export {
  applyPolicy,
  type Exception,
  type Judged,
  POLICY_FILE,
  type Policy,
  readPolicy,
  type Verdict,
} from './policy.js';
export type { RuleDescription } from './rule.js';
export { RULES } from './rule-table.js';
export { type RenderedText, scanRendered } from './scan-rendered.js';
export { scanTree } from './scan-tree.js';
