import { closest, distance } from 'fastest-levenshtein';

/**
 * The known word that was probably meant, for "did you mean".
 * @returns undefined when none is near enough: at most a third of the letters differ
 */
export function suggest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0 || word.length > 100) return undefined;
  const best = closest(word, [...known]);
  return distance(word, best) <= Math.max(1, Math.floor(word.length / 3)) ? best : undefined;
}
