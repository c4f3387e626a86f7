import { closest, distance } from 'fastest-levenshtein';

/**
 * The known word that was probably meant, for "did you mean".
 * @returns undefined when none is near enough: at most a third of the letters differ, or
 * only their order does
 */
export function suggest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0 || word.length > 100) return undefined;
  const best = closest(word, [...known]);
  const apart = distance(word, best);
  // Words with no letter in common are not alike, however short they are.
  const near =
    apart <= Math.max(1, Math.floor(word.length / 3)) && apart < Math.max(word.length, best.length);
  return near ? best : known.find(name => lettersOf(name) === lettersOf(word));
}

/** Two letters that changed places count as two differences, which is too many for a short word. */
function lettersOf(word: string): string {
  return [...word].sort().join('');
}
