// What other programs use to run the tests of a package, as `prompd/testing`: nothing here looks around by itself.
export type { ModelChoice, ProviderBook } from './choose-model.js';
export type { ModelDesk, Question } from './model-desk.js';
export {
  type ModelName,
  type PromptSurvey,
  planSuite,
  surveyPrompts,
  type TestPlan,
  type TestTarget,
} from './suite-plan.js';
export { countRuns, runSuite } from './suite-run.js';
