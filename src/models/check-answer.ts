import { compilePattern } from '../core/pattern.js';
import type { TimedAnswer } from './ask-model.js';
import { type Assertion, DEFAULT_SIMILARITY, type JudgeAssertion } from './assertion.js';
import { checkJsonSchema } from './json-schema-check.js';
import type { Judgement } from './judge-reply.js';
import { similarity } from './similarity.js';

/** One statement, decided. */
export interface AssertionResult {
  readonly type: Assertion['type'];
  readonly passed: boolean;
  /** One sentence: what was expected and what was found. */
  readonly message: string;
  /** What was measured, for statements that measure: similarity, tokens, milliseconds, the judge's score. */
  readonly measured?: number;
}

/** Decides a judge's statement. @throws PrompdError when it cannot be decided */
export type Judge = (assertion: JudgeAssertion, answer: string) => Promise<Judgement>;

/**
 * Holds an answer against one statement.
 * @throws PrompdError from the judge, when no verdict can be had
 */
export async function checkAnswer(
  assertion: Assertion,
  { text, usage, latencyMs }: Pick<TimedAnswer, 'text' | 'usage' | 'latencyMs'>,
  judge: Judge,
): Promise<AssertionResult> {
  const { type } = assertion;
  const result = (passed: boolean, message: string, measured?: number): AssertionResult => ({
    type,
    passed,
    message,
    ...(measured === undefined ? {} : { measured }),
  });
  switch (assertion.type) {
    case 'contains':
    case 'not-contains': {
      const found = text.includes(assertion.value);
      const message = `The answer ${found ? 'has' : 'does not have'} ${quoted(assertion.value)} in it.`;
      return result(found === (type === 'contains'), message);
    }
    case 'equals': {
      const same = text.trim() === assertion.value.trim();
      return result(same, `The answer is ${same ? '' : 'not '}${quoted(assertion.value)}.`);
    }
    case 'regex': {
      const pattern = compilePattern(assertion.value);
      const found = typeof pattern !== 'string' && pattern.found(text);
      return result(
        found,
        `${quoted(assertion.value)} ${found ? 'matches' : 'matches nowhere in'} the answer.`,
      );
    }
    case 'json-schema': {
      const answer = await checkJsonSchema({ schema: assertion.value, text });
      if (answer.kind === 'fits') return result(true, 'The answer fits the schema.');
      const why = answer.kind === 'differs' ? answer.problems.join('; ') : answer.reason;
      return result(false, `The answer does not fit the schema: ${why}.`);
    }
    case 'similarity': {
      const least = assertion.threshold ?? DEFAULT_SIMILARITY;
      const measured = similarity(text, assertion.value);
      return result(
        measured >= least,
        `The similarity is ${measured}, at least ${least} is asked for.`,
        measured,
      );
    }
    case 'max-tokens': {
      const { outputTokens, estimated } = usage;
      const passed = outputTokens <= assertion.value;
      const message = `The answer has ${outputTokens} tokens${estimated ? ' (estimated)' : ''}, at most ${assertion.value} are allowed.`;
      return result(passed, message, outputTokens);
    }
    case 'latency': {
      const passed = latencyMs <= assertion.value;
      return result(
        passed,
        `The answer took ${latencyMs} ms, at most ${assertion.value} are allowed.`,
        latencyMs,
      );
    }
    case 'judge': {
      const { pass, score, reason } = await judge(assertion, text);
      const { threshold } = assertion;
      const passed = threshold === undefined ? pass : (score ?? 0) >= threshold;
      const grade = score === undefined ? '' : ` with the score ${score}`;
      const least = threshold === undefined ? '' : `, at least ${threshold} is asked for`;
      const why = reason === '' ? '' : ` (${reason})`;
      return result(
        passed,
        `The judge says ${pass ? 'true' : 'false'}${grade}${least}, of: ${quoted(assertion.value)}${why}`,
        score,
      );
    }
  }
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
