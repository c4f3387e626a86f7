import type { ProblemDocument } from './problem-document.js';

/** Problems that are told one by one in an error's text. */
const MAX_TOLD = 10;

/** Whether an address is one of those below which the registry speaks npm's protocol. */
export function isNpmPath(path: string): boolean {
  return path.startsWith('/npm/');
}

/**
 * An error in the form in which npm's clients look for it: of all its members they print `error` alone, so that it tells
 * everything.
 */
export function npmProblem({ code, detail, hint, problems = [], instance }: ProblemDocument): object {
  const told = problems
    .filter(({ severity }) => severity === 'error')
    .slice(0, MAX_TOLD)
    .map(({ file, line, message, hint: advice }) => {
      const place = line === undefined ? file : `${file}:${line}`;
      return `  ${place}: ${message}${advice === undefined ? '' : ` ${advice}`}`;
    });
  const error = [hint === undefined ? detail : `${detail} ${hint}`, ...told].join('\n');
  return { error, reason: detail, code, instance };
}
