import { PrompdError } from '../core/errors.js';
import type { Problem } from '../core/problem.js';

/** The error for a prompt that has problems, with all of them as facts. */
export function brokenPrompt(title: string, problems: readonly Problem[]): PrompdError {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  return new PrompdError(first?.code ?? 'EPROMPT', first?.message ?? `${title} cannot be used.`, {
    facts: {
      prompt: title,
      problems: errors.map(({ file, line, column, code, message }) =>
        [[file, line, column].filter(part => part !== undefined).join(':'), code, message].join(' '),
      ),
    },
    hint: first?.hint ?? `Run "prompd validate" to see every problem.`,
  });
}
