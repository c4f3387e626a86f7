/** Whether a text has the markers that git leaves where it could not merge. No line of a JSON document can begin so. */
export function hasConflictMarkers(text: string): boolean {
  return /^(?:<{7}(?!<)|>{7}(?!>))/m.test(text);
}

/** The line of the first marker, counted from 1; undefined when there is none. */
export function conflictLine(text: string): number | undefined {
  const at = text.split('\n').findIndex(hasConflictMarkers);
  return at < 0 ? undefined : at + 1;
}
