import type { AnyFile, FileRule, Match } from '../rule.js';

/** More than a context window of today takes, at four bytes a token. */
const LARGE_TEXT = 512 * 1024;
const LARGE_FILE = 2 * 1024 * 1024;

/** Largest text that the text rules read, in bytes; beyond it a rule would have to be taken on trust. */
export const MAX_SCANNED_BYTES = 4 * 1024 * 1024;

/** Files that are larger than prompts and their contexts are. */
export const oversizedFile: FileRule = {
  id: 'oversized-file',
  title: 'A file larger than prompts are',
  help: 'The file is larger than a context window takes. Text above 4 MiB is not read by the other rules, and is refused for that reason.',
  levels: ['low', 'critical'],
  *checkFile(file: AnyFile): Generator<Match> {
    const { length } = file.bytes;
    const unscanned = length > MAX_SCANNED_BYTES && !file.bytes.includes(0);
    if (length <= (file.text === undefined ? LARGE_FILE : LARGE_TEXT) && !unscanned) return;
    yield {
      level: unscanned ? 'critical' : 'low',
      message: `The file has ${(length / 1024 / 1024).toFixed(1)} MiB${unscanned ? ', too many for the rules to read' : ''}.`,
      hint: 'Split it, or leave it out with .prompdignore.',
    };
  },
};
