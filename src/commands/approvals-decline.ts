import { decisionCommand } from './approval-decision.js';

export default decisionCommand('decline', 'Why; needed');
