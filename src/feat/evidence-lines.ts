/**
 * A value of the block as lines for people: one for a text or number, one a member, one an element of a list.
 * @param value JSON data; undefined makes no line
 */
export function evidenceLines(value: unknown): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value.length === 0 ? ['none'] : value.map(inLine);
  if (isRecord(value)) return Object.entries(value).map(([key, inner]) => `${words(key)}: ${inLine(inner)}`);
  return [inLine(value)];
}

function inLine(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(inLine).join(', ');
  if (isRecord(value)) {
    return Object.entries(value)
      .map(([key, inner]) => `${words(key)}: ${inLine(inner)}`)
      .join('; ');
  }
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value);
}

/** `evidenceSha256` as `evidence sha256`. */
function words(key: string): string {
  return key.replace(
    /([a-z])([A-Z])/g,
    (_pair, before: string, after: string) => `${before} ${after.toLowerCase()}`,
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
