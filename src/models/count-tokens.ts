/**
 * A simple, stated count of tokens: one for every four Unicode characters begun. It is the usual rule of thumb for
 * English, and stands in where no provider counts: for `echo`, and for endpoints that report no usage.
 */
export function countTokens(text: string): number {
  let characters = 0;
  for (const _character of text) characters += 1;
  return Math.ceil(characters / 4);
}
