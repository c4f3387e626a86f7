import { type Digest, digestOf } from '../../core/digest.js';
import { PrompdError } from '../../core/errors.js';
import type { ProjectManifest } from '../../core/manifest.js';
import { type Assertion, type ChatMessage, type JudgeAssertion, readAssertion } from '../../models/index.js';
import {
  coerceParameters,
  type LoadedPrompt,
  loadPrompt,
  PackageFiles,
  type PromptFile,
  parsePromptReference,
  promptDigest,
  promptPath,
  renderPrompt,
  valuesOrThrow,
} from '../../prompt/index.js';
import type { Context } from '../context.js';
import { brokenPrompt } from '../prompts/open-prompt.js';
import { chooseModel, executionOf, type ModelChoice } from './choose-model.js';
import { variantPath } from './prompt-variant.js';
import { openTestTarget, type TestTarget } from './test-suite.js';

export interface TestPlanOptions {
  /** A folder or an installed package, as typed; by default the package that the user stands in. */
  readonly target?: string | undefined;
  /** Only this provider, or this one instead of those in `models`. */
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  /** Only tests with this text in their name, in any case. */
  readonly grep?: string | undefined;
  /** How often each test runs, whatever it says itself. */
  readonly runs?: number | undefined;
}

/** A statement, with the prompt that judges it where it names one. */
export interface PlannedAssertion {
  readonly assertion: Assertion;
  readonly judgePrompt: LoadedPrompt | undefined;
}

export interface PlannedCase {
  readonly name: string;
  readonly prompt: string;
  readonly promptDigest: Digest;
  readonly messages: readonly ChatMessage[];
  readonly temperature: number | undefined;
  readonly maxTokens: number | undefined;
  readonly runs: number;
  readonly assertions: readonly PlannedAssertion[];
}

/** All that will be asked, known before anything is. */
export interface TestPlan {
  readonly target: TestTarget;
  readonly suiteDigest: Digest;
  readonly models: readonly { readonly choice: ModelChoice; readonly cases: readonly PlannedCase[] }[];
}

type Test = NonNullable<ProjectManifest['tests']>[number];
type ModelEntry = NonNullable<ProjectManifest['models']>[number];

/**
 * Reads the tests of a package and renders every prompt, so that a mistake costs no request.
 * @throws PrompdError ENOTEST; EBADTEST with every test that is wrong; ENOPROVIDER, ENOMODEL; as `openTestTarget` and
 *   `openPrompt`
 */
export async function planTests(context: Context, options: TestPlanOptions): Promise<TestPlan> {
  const target = await openTestTarget(context, options.target);
  const tests = chooseTests(target, options.grep);
  const planner = new Planner(target);
  const entries = chooseEntries(target.manifest.models ?? [], options);
  const models: { choice: ModelChoice; cases: PlannedCase[] }[] = [];
  for (const entry of entries) {
    const choice = chooseModel(context.config, { ...entry, ...flagsOf(options) }, {});
    const cases: PlannedCase[] = [];
    for (const test of tests) {
      const planned = await planner.plan(test, choice);
      if (planned) cases.push(options.runs === undefined ? planned : { ...planned, runs: options.runs });
    }
    models.push({ choice, cases });
  }
  if (planner.problems.length > 0) throw badTests(target, planner.problems);
  return { target, suiteDigest: digestOf({ tests, judges: planner.judgeDigests() }), models };
}

/** Prompts are loaded once, however many tests and models they are for. */
class Planner {
  readonly problems: string[] = [];
  private readonly files: PackageFiles;
  private readonly prompts = new Map<string, Promise<LoadedPrompt>>();
  private readonly judges = new Map<string, LoadedPrompt>();
  private readonly assertions = new Map<Test, Promise<readonly PlannedAssertion[]>>();

  constructor(private readonly target: TestTarget) {
    this.files = new PackageFiles(target.owner);
  }

  /** @returns undefined when the test is wrong; `problems` says why */
  async plan(test: Test, choice: ModelChoice): Promise<PlannedCase | undefined> {
    try {
      const variant = variantPath(this.target.manifest.models, test.prompt, choice);
      const prompt = await this.promptOf(test.prompt, variant);
      const read = this.assertions.get(test) ?? this.readAssertions(test);
      this.assertions.set(test, read);
      const definitions = prompt.parameters.map(({ definition }) => definition);
      const values = valuesOrThrow(coerceParameters(definitions, { files: [{ ...test.parameters }] }));
      const { temperature, maxTokens } = executionOf(prompt.execution);
      return {
        name: test.name,
        prompt: test.prompt,
        promptDigest: promptDigest(prompt),
        messages: renderPrompt(prompt, values).messages,
        temperature,
        maxTokens,
        runs: test.runs ?? 1,
        assertions: await read,
      };
    } catch (error) {
      if (!(error instanceof PrompdError)) throw error;
      const problem = `"${test.name}": ${error.message}`;
      if (!this.problems.includes(problem)) this.problems.push(problem);
      return undefined;
    }
  }

  /** By the name under which the tests know them. */
  judgeDigests(): Record<string, Digest> {
    return Object.fromEntries([...this.judges].map(([name, prompt]) => [name, promptDigest(prompt)]));
  }

  private async promptOf(id: string, variant: string | undefined): Promise<LoadedPrompt> {
    const { owner } = this.target;
    const inner = variant ?? promptPath(owner, id);
    if (inner === undefined) throw new PrompdError('ENOPROMPT', `There is no prompt "${id}".`, {});
    const known = this.prompts.get(inner) ?? this.load(await this.files.open(inner), inner);
    this.prompts.set(inner, known);
    return known;
  }

  private async load(file: PromptFile | undefined, inner: string): Promise<LoadedPrompt> {
    if (!file) throw new PrompdError('ENOFILE', `There is no file "${inner}".`, { facts: { file: inner } });
    const { prompt, problems } = await loadPrompt(file, this.files);
    if (!prompt) throw brokenPrompt(file.path, problems);
    return prompt;
  }

  private async readAssertions(test: Test): Promise<readonly PlannedAssertion[]> {
    const planned: PlannedAssertion[] = [];
    for (const [index, raw] of test.assert.entries()) {
      const assertion = await readAssertion(raw);
      if (typeof assertion === 'string') {
        throw new PrompdError('EBADTEST', `statement ${index + 1} (${raw.type}): ${assertion}.`);
      }
      const judgePrompt =
        assertion.type === 'judge' ? await this.judgePrompt(assertion, test.prompt) : undefined;
      planned.push({ assertion, judgePrompt });
    }
    return planned;
  }

  private async judgePrompt(
    { prompt: word }: JudgeAssertion,
    tested: string,
  ): Promise<LoadedPrompt | undefined> {
    if (word === undefined) return undefined;
    const judge = Object.hasOwn(this.target.owner.prompts, word)
      ? await this.promptOf(word, undefined)
      : await this.fromDependency(word, tested);
    const names = judge.parameters.map(({ definition }) => definition.name);
    if (!names.includes('answer') || !(names.includes('statement') || names.includes('criteria'))) {
      throw new PrompdError(
        'EBADTEST',
        `the prompt "${word}" cannot judge: it needs the parameter "answer", and "statement" or "criteria".`,
      );
    }
    this.judges.set(word, judge);
    return judge;
  }

  private async fromDependency(word: string, tested: string): Promise<LoadedPrompt> {
    const from = await this.files.open(promptPath(this.target.owner, tested) ?? '');
    if (!from) throw new PrompdError('ENOPROMPT', `There is no prompt "${tested}".`, {});
    return this.load(await this.files.reference(from, parsePromptReference(word)), word);
  }
}

function chooseTests({ manifest, title }: TestTarget, grep: string | undefined): readonly Test[] {
  const all = manifest.tests ?? [];
  const wanted = grep?.toLowerCase() ?? '';
  const tests = all.filter(({ name }) => name.toLowerCase().includes(wanted));
  if (tests.length > 0) return tests;
  if (all.length > 0) {
    throw new PrompdError('ENOTEST', `No test of ${title} has "${grep}" in its name.`, {
      facts: { tests: all.map(({ name }) => name) },
      hint: 'Leave out "--grep" to run all of them.',
    });
  }
  throw new PrompdError('ENOTEST', `${title} has no tests.`, { facts: { package: title } });
}

/** The entries of the model map that flags leave; what flags name alone when there is none. */
function chooseEntries(
  map: readonly ModelEntry[],
  { provider, model }: TestPlanOptions,
): readonly Partial<ModelEntry>[] {
  const left = map.filter(
    entry =>
      (provider === undefined || entry.provider === provider) &&
      (model === undefined || entry.model === model),
  );
  return left.length > 0 ? left : [{}];
}

function flagsOf({ provider, model }: TestPlanOptions): { provider?: string; model?: string } {
  return { ...(provider === undefined ? {} : { provider }), ...(model === undefined ? {} : { model }) };
}

function badTests({ title }: TestTarget, problems: readonly string[]): PrompdError {
  const [first = ''] = problems;
  return new PrompdError('EBADTEST', `${title} has a test that cannot run: ${first}`, {
    facts: { package: title, problems },
  });
}
