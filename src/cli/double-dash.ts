/** Begins a word that only looks like a flag: no program is ever given a word with this character. */
const MARK = '\0';

/**
 * Reads `--` as POSIX has it: what stands behind is no flag, whatever it looks like. yargs would leave those words out of
 * the positionals of a command.
 * @param argv the words after the program's name
 * @returns the same words without `--`; `restored` gives each back as it was
 */
export function markPositionals(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  if (end === -1) return [...argv];
  const behind = argv.slice(end + 1).map(word => (word.startsWith('-') ? `${MARK}${word}` : word));
  return [...argv.slice(0, end), ...behind];
}

/** The words that are flags, and the values of flags. */
export function beforeDoubleDash(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end === -1 ? argv : argv.slice(0, end);
}

/** A word as it was typed. */
export function restored(word: string): string {
  return word.startsWith(MARK) ? word.slice(MARK.length) : word;
}

/** A text with words in it, some of them in quotes as JSON has them. */
export function restoredText(text: string): string {
  return text.replaceAll(JSON.stringify(MARK).slice(1, -1), '').replaceAll(MARK, '');
}
