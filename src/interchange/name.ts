/** Words of the template language, which cannot name a parameter. */
const RESERVED = new Set([
  ...['and', 'or', 'not', 'in', 'is', 'if', 'else', 'true', 'false', 'none', 'loop', 'inputs'],
]);
const MAX_ID = 64;

/** An id that a prompt can have, made of any text: ASCII letters, digits and single dashes. */
export function promptId(title: string): string {
  const id = trimDashes(
    title
      .normalize('NFKD')
      .replace(/\p{M}+/gu, '')
      .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-'),
  );
  return trimDashes(id.slice(0, MAX_ID)) || 'prompt';
}

/** The id, or the id with the first number that no other has. The id it gives back counts as taken. */
export function uniqueId(id: string, taken: Set<string>): string {
  let free = id;
  for (let number = 2; taken.has(free); number += 1) {
    const end = `-${number}`;
    free = trimDashes(id.slice(0, MAX_ID - end.length)) + end;
  }
  taken.add(free);
  return free;
}

/** A name that a parameter can have, made of any text: snake case. */
export function parameterName(raw: string): string {
  const snake = raw
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '_')
    .slice(0, 100);
  const name = /^[a-z_]/.test(snake) ? snake : `_${snake}`;
  return RESERVED.has(name) ? `${name}_` : name;
}

/** Names for parameters by the names they had: valid ones, no two the same. */
export function parameterNames(raw: readonly string[]): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  // Names that are fine stay, whatever others would become.
  const fine = raw.filter(name => parameterName(name) === name);
  for (const name of fine) {
    names.set(name, name);
    taken.add(name);
  }
  for (const name of raw) {
    if (names.has(name)) continue;
    const wanted = parameterName(name);
    let free = wanted;
    for (let number = 2; taken.has(free); number += 1) free = `${wanted}_${number}`;
    taken.add(free);
    names.set(name, free);
  }
  return names;
}

function trimDashes(text: string): string {
  return text.replace(/^-+|-+$/g, '');
}
