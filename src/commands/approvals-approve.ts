import { decisionCommand } from './approval-decision.js';

export default decisionCommand('approve', 'Why, for the audit');
