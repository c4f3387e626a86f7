/** Longest text of a package that is shown. */
const MAX_LENGTH = 1000;

/** A text as Markdown that shows just it: texts of packages bring no links, images or headings of their own. */
export function plainText(text: string): string {
  const short = text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text;
  return short.trim().replace(/[\\`*_{}[\]()#+.!<>|~&-]/g, '\\$&');
}

/** A value as Markdown's inline code. */
export function code(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const short = (text.length > 120 ? `${text.slice(0, 119)}…` : text).replaceAll('\n', ' ');
  const longest = Math.max(0, ...[...short.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  // A space keeps what begins or ends with a backtick apart from the fence.
  return longest === 0 ? `${fence}${short}${fence}` : `${fence} ${short} ${fence}`;
}
