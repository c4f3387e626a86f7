export { type BodySection, kebab } from './body.js';
export { brokenPrompt } from './broken-prompt.js';
export {
  checkPackagePrompt,
  checkPackagePrompts,
  type PackageCheckOptions,
} from './check-package.js';
export {
  type CompiledMessage,
  type CompiledPrompt,
  compiledDigest,
  compilePrompt,
  openCompiled,
} from './compiled-prompt.js';
export { parseCompiled } from './compiled-schema.js';
export { type Contract, type ContractParameter, contractDigest, contractOf } from './contract.js';
export { type ChangeKind, type ChangeLevel, type ContractChange, levelOf } from './contract-change.js';
export { compareContracts, comparePrompts, type UncomparedPrompt, uncompared } from './contract-diff.js';
export { promptDigest } from './digest.js';
export {
  type ParsedPrompt,
  type PromptDocument,
  type PromptParts,
  parsePrompt,
  readPromptParts,
} from './document.js';
export { type FieldTable, FRONT_MATTER_FIELDS, PARAMETER_FIELDS, RULE_FIELDS } from './field-table.js';
export type { FrontMatter, PlacedText } from './front-matter.js';
export { fencedBlock, languageOf } from './language.js';
export { type LoadResult, loadPrompt } from './load.js';
export type {
  LoadedContext,
  LoadedParameter,
  LoadedPrompt,
  LoadedSection,
  Origin,
} from './loaded-prompt.js';
export { messageTemplates } from './message-template.js';
export {
  type PackageContracts,
  type PromptSurface,
  readPackageContracts,
  surfaceOf,
} from './package-contracts.js';
export {
  insidePath,
  noPrompt,
  PackageFiles,
  type PromptPackage,
  promptId,
  promptPath,
} from './package-files.js';
export {
  PARAMETER_TYPES,
  type ParameterDefinition,
  type ParameterType,
  type PropertyRules,
  type ValueRules,
} from './parameter-type.js';
export {
  type CoercedParameters,
  coerceParameters,
  type ParameterFault,
  type ParameterLayers,
  type ValueSource,
  valuesOrThrow,
} from './parameter-values.js';
export { isPromptPath, type PromptFile, type PromptResolver } from './prompt-file.js';
export { isInnerPath, type PromptReference, parsePromptReference } from './prompt-reference.js';
export { type ExactModel, exactModels, type VariantChoice, variantPath } from './prompt-variant.js';
export { type ListedReference, listReferences } from './references.js';
export { type Message, type RenderablePrompt, type RenderedPrompt, renderPrompt } from './render.js';
export { ROLES, type Role } from './role.js';
export { renderSamples, type SampleMessage } from './sample.js';
export { SourceText } from './source-text.js';
export { analyse } from './template/analysis.js';
export { DEFAULT_LIMITS, type RenderLimits } from './template/budget.js';
export { FILTER_NAMES } from './template/filter-table.js';
export { literalTemplate } from './template/literal.js';
export { parseTemplate } from './template/parser.js';
export { TemplateError } from './template/template-error.js';
export { TEST_NAMES } from './template/test.js';
export { type TemplateUse, templateUses } from './template-uses.js';
export { templateProblems, validatePrompt } from './validate.js';
export { type Bump, holds, type RequiredBump, requiredBump } from './version-step.js';
