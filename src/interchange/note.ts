import type { Note } from './model.js';

/** Takes down what a conversion of one file could not carry over. */
export type NoteTaker = (what: string, why: string, details?: { line?: number; hint?: string }) => void;

/** A taker of notes about one file. */
export function notesOn(file: string, note: (note: Note) => void): NoteTaker {
  return (what, why, { line, hint } = {}) =>
    note({
      file,
      ...(line === undefined ? {} : { line }),
      what,
      why,
      ...(hint === undefined ? {} : { hint }),
    });
}

/** Notes file by file, in the order in which the files were come to; in each by line, behind those about all of it. */
export function notesInOrder(notes: readonly Note[]): Note[] {
  const files = new Map<string, Note[]>();
  for (const note of notes) {
    const beside = files.get(note.file);
    if (beside) beside.push(note);
    else files.set(note.file, [note]);
  }
  return [...files.values()].flatMap(found => found.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)));
}

/** A note on one line: `prompts/a.prompty:7: tools: …`. */
export function noteLine({ file, line, what, why, hint }: Note): string {
  const place = line === undefined ? file : `${file}:${line}`;
  return `${place}: ${what}: ${why}${hint === undefined ? '' : ` ${hint}`}`.replace(/\s*\n\s*/g, ' ');
}
