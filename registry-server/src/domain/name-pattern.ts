/** A name, `@scope`, or a name with `*` for any characters but `/`; `**` is every name. */
export const NAME_PATTERN =
  /^(?:\*\*|@[a-z0-9~*][a-z0-9._~*-]*(?:\/[a-z0-9._~*-]+)?|[a-z0-9~*][a-z0-9._~*-]*)$/;

/** Whether a pattern stands for a package name. */
export function matchesName(pattern: string, name: string): boolean {
  if (pattern === '**' || pattern === name) return true;
  const whole = pattern.startsWith('@') && !pattern.includes('/') ? `${pattern}/*` : pattern;
  if (!whole.includes('*')) return false;
  // Parts are matched from left to right, so that no pattern takes more than linear time for each `*`.
  const [first = '', ...rest] = whole.split('*');
  if (!name.startsWith(first)) return false;
  let from = first.length;
  for (const [index, part] of rest.entries()) {
    const at = index === rest.length - 1 ? name.length - part.length : name.indexOf(part, from);
    if (at < from || !name.startsWith(part, at) || name.slice(from, at).includes('/')) return false;
    from = at + part.length;
  }
  return true;
}
