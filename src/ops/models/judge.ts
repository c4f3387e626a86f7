import { PrompdError } from '../../core/errors.js';
import { type JudgeAssertion, type Judgement, readJudgement, standardJudge } from '../../models/index.js';
import { type LoadedPrompt, renderPrompt } from '../../prompt/index.js';
import {
  chooseModel,
  executionOf,
  type ModelChoice,
  type ModelWish,
  type ProviderBook,
} from './choose-model.js';
import type { ModelDesk, Question } from './model-desk.js';

export interface JudgeOptions {
  readonly book: ProviderBook;
  readonly desk: Pick<ModelDesk, 'ask'>;
  /** What flags say about who judges. */
  readonly flags: ModelWish;
  /** Who answered; judges where nobody else is named. */
  readonly asked: ModelChoice;
  /** The prompt that judges; undefined for prompd's own. */
  readonly prompt: LoadedPrompt | undefined;
  /** What the model was asked, as text. */
  readonly question: string;
}

/**
 * Has a statement about an answer judged by a model. The judge is chosen by flags, then by the test, then by the judge
 * prompt; else the model that answered judges itself.
 * @throws PrompdError as `ModelDesk.ask`; EMODELANSWER when the reply is not the JSON that a judge gives;
 *   ENOPROVIDER, ENOMODEL; EPARAMETER and the codes of templates when the judge prompt cannot be rendered
 */
export async function judgeAnswer(
  assertion: JudgeAssertion,
  answer: string,
  options: JudgeOptions,
): Promise<Judgement> {
  const question = questionFor(assertion, answer, options);
  const { text } = await options.desk.ask(question);
  const judgement = readJudgement(text);
  const scoreMissing = assertion.threshold !== undefined && judgement?.score === undefined;
  if (judgement && !scoreMissing) return judgement;
  throw new PrompdError(
    'EMODELANSWER',
    judgement
      ? 'The judge gave no score, and the test asks for one.'
      : 'The judge did not reply with its JSON.',
    {
      facts: { provider: question.provider.name, model: question.model, reply: text.slice(0, 300) },
      hint: 'A judge replies {"pass": true or false, "score": 0 to 1, "reason": "…"}: docs/models.md.',
    },
  );
}

function questionFor(
  { value: statement, provider, model }: JudgeAssertion,
  answer: string,
  { book, flags, asked, prompt, question }: JudgeOptions,
): Question {
  const own = executionOf(prompt?.execution ?? {});
  const test: ModelWish = { provider, model };
  const fallback: ModelWish = { provider: asked.provider.name, model: asked.model };
  const wish = [flags, test, own, fallback].find(
    one => one.provider !== undefined || one.model !== undefined,
  );
  const choice = chooseModel(book, wish ?? fallback, wish?.provider === undefined ? fallback : {});
  if (prompt === undefined) {
    return { ...choice, messages: [{ role: 'user', content: standardJudge(statement, question, answer) }] };
  }
  const values: Record<string, unknown> = { statement, answer, question, criteria: [statement] };
  const declared = prompt.parameters.map(({ definition }) => definition.name);
  const given = Object.fromEntries(Object.entries(values).filter(([name]) => declared.includes(name)));
  const { messages } = renderPrompt(prompt, given);
  return { ...choice, messages, temperature: own.temperature, maxTokens: own.maxTokens };
}
