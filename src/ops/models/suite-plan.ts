import { type Digest, digestOf } from '../../core/digest.js';
import { PrompdError } from '../../core/errors.js';
import type { ProjectManifest } from '../../core/manifest.js';
import { type Assertion, type ChatMessage, type JudgeAssertion, readAssertion } from '../../models/index.js';
import {
  brokenPrompt,
  coerceParameters,
  exactModels,
  type LoadedPrompt,
  loadPrompt,
  PackageFiles,
  type PromptFile,
  type PromptPackage,
  parsePromptReference,
  promptDigest,
  promptPath,
  renderPrompt,
  valuesOrThrow,
  variantPath,
} from '../../prompt/index.js';
import {
  chooseModel,
  executionOf,
  type ModelChoice,
  type ProviderBook,
  variantChoice,
} from './choose-model.js';

/** A package with its tests. */
export interface TestTarget {
  /** How the user can name it again. */
  readonly title: string;
  readonly manifest: Pick<ProjectManifest, 'name' | 'version' | 'prompts' | 'models' | 'tests'>;
  readonly owner: PromptPackage;
}

export interface SuiteOptions {
  /** Only this provider, or this one instead of those in `models`. */
  readonly provider?: string | undefined;
  readonly model?: string | undefined;
  /** Only tests with this text in their name, in any case. */
  readonly grep?: string | undefined;
  /** Only the tests of these prompts; each with all that its suite has. */
  readonly prompts?: readonly string[] | undefined;
  /** How often each test runs, whatever it says itself. */
  readonly runs?: number | undefined;
  /** Exactly these, whatever the model map has. */
  readonly models?: readonly ModelName[] | undefined;
}

/** A model by name, with the name of who is asked for it. */
export interface ModelName {
  readonly provider: string;
  readonly model: string;
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
  /** Of all tests of this prompt that run. */
  readonly suiteDigest: Digest;
  readonly messages: readonly ChatMessage[];
  readonly temperature: number | undefined;
  readonly maxTokens: number | undefined;
  readonly runs: number;
  readonly assertions: readonly PlannedAssertion[];
}

/** A case before it is known that all of its suite can run. */
type DraftedCase = Omit<PlannedCase, 'suiteDigest'>;

/** All that will be asked, known before anything is. */
export interface TestPlan {
  readonly target: TestTarget;
  readonly suiteDigest: Digest;
  readonly models: readonly { readonly choice: ModelChoice; readonly cases: readonly PlannedCase[] }[];
}

type Test = NonNullable<ProjectManifest['tests']>[number];

/**
 * Reads the tests of a package and renders every prompt, so that a mistake costs no request.
 * @throws PrompdError ENOTEST; EBADTEST with every test that is wrong; ENOPROVIDER, ENOMODEL; as `openPrompt`
 */
export async function planSuite(
  target: TestTarget,
  book: ProviderBook,
  options: SuiteOptions,
): Promise<TestPlan> {
  const tests = chooseTests(target, options);
  const planner = new Planner(target, tests);
  const choices = (options.models ?? chooseEntries(target.manifest.models, options)).map(entry =>
    chooseModel(book, { ...entry, ...flagsOf(options) }, {}),
  );
  const models: { choice: ModelChoice; cases: DraftedCase[] }[] = [];
  for (const choice of choices) {
    const cases: DraftedCase[] = [];
    for (const test of tests) {
      const planned = await planner.plan(test, choice);
      if (planned) cases.push(options.runs === undefined ? planned : { ...planned, runs: options.runs });
    }
    models.push({ choice, cases });
  }
  if (planner.problems.length > 0) throw badTests(target, planner.problems);
  const withSuite = async (drafted: DraftedCase): Promise<PlannedCase> => ({
    ...drafted,
    suiteDigest: await planner.suiteDigest(drafted.prompt),
  });
  return {
    target,
    suiteDigest: await planner.suiteDigest(),
    models: await Promise.all(
      models.map(async ({ choice, cases }) => ({ choice, cases: await Promise.all(cases.map(withSuite)) })),
    ),
  };
}

/** What evidence about one prompt of a package belongs to. */
export interface PromptSurvey {
  readonly id: string;
  /** Of the prompt itself. Undefined when it cannot be read. */
  readonly digest: Digest | undefined;
  /** Of its variants, in the order of the model map. */
  readonly variants: readonly { readonly file: string; readonly digest: Digest }[];
  /** Of its tests; undefined for a prompt that has none. */
  readonly suite: Digest | undefined;
  /** Why the digests cannot be told. */
  readonly problem?: string;
}

/** Tells, without asking a model, what the prompts of a package are known by. Prompts that are broken are told, not thrown. */
export async function surveyPrompts(target: TestTarget): Promise<readonly PromptSurvey[]> {
  const { prompts = {}, models = [], tests = [] } = target.manifest;
  const planner = new Planner(target, tests);
  const surveys: PromptSurvey[] = [];
  for (const id of Object.keys(prompts)) {
    const files = new Set(models.flatMap(entry => entry.prompts?.[id] ?? []));
    try {
      const variants: { file: string; digest: Digest }[] = [];
      for (const file of files) variants.push({ file, digest: await planner.digest(id, file) });
      const isTested = tests.some(({ prompt }) => prompt === id);
      const suite = isTested ? await planner.suiteDigest(id) : undefined;
      surveys.push({ id, digest: await planner.digest(id, undefined), variants, suite });
    } catch (error) {
      if (!(error instanceof PrompdError)) throw error;
      surveys.push({ id, digest: undefined, variants: [], suite: undefined, problem: error.message });
    }
  }
  return surveys;
}

/** A statement that cannot be decided, whatever a model answers. */
export interface StatementFault {
  /** Places in `tests`, and in `assert` of that test. */
  readonly test: number;
  readonly statement: number;
  /** Name of the test. */
  readonly name: string;
  readonly error: PrompdError;
}

/** Reads the statements of a package's tests as a run does. Judges of dependencies that are not installed are not looked at. */
export async function statementFaults(target: TestTarget): Promise<StatementFault[]> {
  const { tests = [] } = target.manifest;
  const planner = new Planner(target, tests);
  const faults: StatementFault[] = [];
  for (const [index, test] of tests.entries()) {
    for (const statement of test.assert.keys()) {
      const error = await planner.faultOf(test, statement);
      if (error) faults.push({ test: index, statement, name: test.name, error });
    }
  }
  return faults;
}

/** Prompts are loaded once, however many tests and models they are for. */
class Planner {
  readonly problems: string[] = [];
  private readonly files: PackageFiles;
  private readonly prompts = new Map<string, Promise<LoadedPrompt>>();
  private readonly judges = new Map<string, Promise<LoadedPrompt>>();
  private readonly assertions = new Map<Test, Promise<readonly PlannedAssertion[]>>();
  private readonly suites = new Map<string | undefined, Promise<Digest>>();

  /** @param tests that count: all of a suite, as its digest is theirs */
  constructor(
    private readonly target: TestTarget,
    private readonly tests: readonly Test[],
  ) {
    this.files = new PackageFiles(target.owner);
  }

  /** @returns undefined when the test is wrong; `problems` says why */
  async plan(test: Test, choice: ModelChoice): Promise<DraftedCase | undefined> {
    try {
      const variant = variantPath(this.target.manifest.models, test.prompt, variantChoice(choice));
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

  /** Digest of a prompt, or of the variant that stands in the file. @throws PrompdError as loading it does */
  async digest(id: string, variant: string | undefined): Promise<Digest> {
    return promptDigest(await this.promptOf(id, variant));
  }

  /** Of the tests of one prompt, or of all, with the judges that they name. @throws PrompdError as loading those does */
  suiteDigest(id?: string): Promise<Digest> {
    const known = this.suites.get(id) ?? this.readSuite(id);
    this.suites.set(id, known);
    return known;
  }

  private async readSuite(id: string | undefined): Promise<Digest> {
    const tests = this.tests.filter(({ prompt }) => id === undefined || prompt === id);
    const judges: Record<string, Digest> = {};
    for (const { assert, prompt } of tests) {
      for (const { type, prompt: word } of assert) {
        if (type === 'judge' && word !== undefined) {
          judges[word] = promptDigest(await this.judge(word, prompt));
        }
      }
    }
    return digestOf({ tests, judges });
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

  /** Why a statement cannot be decided; undefined where it can, or where what it lacks is not the statement's fault. */
  async faultOf(test: Test, index: number): Promise<PrompdError | undefined> {
    try {
      await this.readStatement(test, index);
      return undefined;
    } catch (error) {
      if (!(error instanceof PrompdError)) throw error;
      const { prompts, dependencies = {} } = this.target.owner;
      const { prompt: word = '' } = test.assert[index] ?? {};
      const isAway =
        error.code === 'ENOTINSTALLED' && Object.hasOwn(dependencies, String(error.facts['package']));
      // A prompt of the package that is broken is found where its prompts are checked.
      const isFoundElsewhere = error.code !== 'EBADTEST' && Object.hasOwn(prompts, word);
      return isAway || isFoundElsewhere ? undefined : error;
    }
  }

  private async readAssertions(test: Test): Promise<readonly PlannedAssertion[]> {
    const planned: PlannedAssertion[] = [];
    for (const index of test.assert.keys()) planned.push(await this.readStatement(test, index));
    return planned;
  }

  private async readStatement({ assert, prompt }: Test, index: number): Promise<PlannedAssertion> {
    const raw = assert[index];
    const assertion = await readAssertion(raw);
    if (typeof assertion === 'string') {
      throw new PrompdError('EBADTEST', `statement ${index + 1} (${raw?.type}): ${assertion}.`);
    }
    const judgePrompt = assertion.type === 'judge' ? await this.judgePrompt(assertion, prompt) : undefined;
    return { assertion, judgePrompt };
  }

  private async judgePrompt(
    { prompt: word }: JudgeAssertion,
    tested: string,
  ): Promise<LoadedPrompt | undefined> {
    if (word === undefined) return undefined;
    const judge = await this.judge(word, tested);
    const names = judge.parameters.map(({ definition }) => definition.name);
    if (!names.includes('answer') || !(names.includes('statement') || names.includes('criteria'))) {
      throw new PrompdError(
        'EBADTEST',
        `the prompt "${word}" cannot judge: it needs the parameter "answer", and "statement" or "criteria".`,
      );
    }
    return judge;
  }

  private judge(word: string, tested: string): Promise<LoadedPrompt> {
    const known =
      this.judges.get(word) ??
      (Object.hasOwn(this.target.owner.prompts, word)
        ? this.promptOf(word, undefined)
        : this.fromDependency(word, tested));
    this.judges.set(word, known);
    return known;
  }

  private async fromDependency(word: string, tested: string): Promise<LoadedPrompt> {
    const from = await this.files.open(promptPath(this.target.owner, tested) ?? '');
    if (!from) throw new PrompdError('ENOPROMPT', `There is no prompt "${tested}".`, {});
    return this.load(await this.files.reference(from, parsePromptReference(word)), word);
  }
}

function chooseTests({ manifest, title }: TestTarget, { grep, prompts }: SuiteOptions): readonly Test[] {
  const all = manifest.tests ?? [];
  const wanted = grep?.toLowerCase() ?? '';
  const tests = all.filter(
    ({ name, prompt }) => name.toLowerCase().includes(wanted) && (prompts?.includes(prompt) ?? true),
  );
  if (tests.length > 0) return tests;
  if (prompts) {
    throw new PrompdError('ENOTEST', `${title} has no tests of ${prompts.join(', ')}.`, {
      facts: { package: title, prompts },
    });
  }
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
  map: ProjectManifest['models'],
  { provider, model }: SuiteOptions,
): readonly { readonly provider?: string; readonly model?: string }[] {
  const left = exactModels(map).filter(
    entry =>
      (provider === undefined || entry.provider === provider) &&
      (model === undefined || entry.model === model),
  );
  return left.length > 0 ? left : [{}];
}

function flagsOf({ provider, model }: SuiteOptions): { provider?: string; model?: string } {
  return { ...(provider === undefined ? {} : { provider }), ...(model === undefined ? {} : { model }) };
}

function badTests({ title }: TestTarget, problems: readonly string[]): PrompdError {
  const [first = ''] = problems;
  return new PrompdError('EBADTEST', `${title} has a test that cannot run: ${first}`, {
    facts: { package: title, problems },
  });
}
