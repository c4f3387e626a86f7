export { applyPlan } from './apply.js';
export { type Changes, changesBetween } from './changes.js';
export { planReify, type ReifyPlan } from './plan.js';
