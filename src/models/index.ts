export { PROVIDER_KINDS, type ProviderConfig, type ProviderKind } from '../config/config.js';
export { keyVariables } from '../config/provider-keys.js';
export { readProvider } from '../config/providers.js';
export { type AskOptions, askModel, type TimedAnswer } from './ask-model.js';
export { ASSERTION_TYPES, type Assertion, type JudgeAssertion, readAssertion } from './assertion.js';
export { type AssertionResult, checkAnswer } from './check-answer.js';
export { evidenceOf, type PromptEvidence } from './evidence.js';
export { type Judgement, readJudgement, standardJudge } from './judge-reply.js';
export type { ChatMessage, Endpoint, ModelRequest, TokenUsage } from './model.js';
export { openEndpoint } from './open-endpoint.js';
export { type Pace, REAL_PACE } from './pace.js';
export {
  type CaseReport,
  type CaseStatus,
  caseStatus,
  type ModelReport,
  type RunReport,
  scoreOf,
  statusOfFailure,
  type TestReport,
  type Verdict,
  verdictOf,
} from './test-report.js';
export { wholeCharacters } from './whole-characters.js';
