import { PrompdError } from '../core/errors.js';
import { parseJson } from '../core/json.js';
import { nestsDeeperThan } from '../core/json-text.js';

/** Deeper than any prompt, and than what walks through values can follow. */
const MAX_DEPTH = 200;

/**
 * Parses JSON from outside.
 * @param file what to call it in an error
 * @throws PrompdError EBADJSON, also for what nests too deep
 */
export function parseBoundedJson(text: string, file: string): unknown {
  if (nestsDeeperThan(text, MAX_DEPTH))
    throw new PrompdError('EBADJSON', `${file} is nested too deeply.`, { facts: { file } });
  return parseJson(text, file);
}
