import { RequestError } from './problem-document.js';

/** Says that somebody else was faster. @param facts what was read, and what is there by now */
export function revisionConflict(
  name: string,
  facts: { readonly expected: string; readonly found: string },
): RequestError {
  return new RequestError('ECONFLICT', `${name} has changed since it was read.`, {
    facts,
    hint: 'Run the command again.',
  });
}
