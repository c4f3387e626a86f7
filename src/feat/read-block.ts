import { checkSchema, type SchemaFault } from '../core/manifest.js';
import type { FeatBlock } from './feat-block.js';

/** A block that is being written. */
export interface ReadBlock {
  /** What of it can be used: what the schema has something against is left out. */
  readonly feat: FeatBlock;
  /** What the schema has against it, with paths from the root of the manifest. */
  readonly faults: readonly SchemaFault[];
}

const EMPTY: FeatBlock = { schemaVersion: '1' };
/** Members that are left out before the rest is given up; a whole block has fewer. */
const MAX_STEPS = 2_000;

/**
 * Reads a block as far as it is written, as an editor needs it: a list of which one entry is not whole yet keeps the
 * others.
 * @param raw JSON data
 */
export function readBlock(raw: unknown): ReadBlock {
  const first = checkSchema({ feat: raw });
  let rest: unknown = { feat: raw };
  let { data, faults } = first;
  for (let step = 0; data === undefined && step < MAX_STEPS; step += 1) {
    const [fault] = faults;
    if (!fault || fault.path.length < 2) break;
    rest = without(rest, fault.path);
    ({ data, faults } = checkSchema(rest));
  }
  return { feat: data?.feat ?? EMPTY, faults: first.faults };
}

/** JSON data without the member at a path. */
function without(value: unknown, [key = '', ...rest]: readonly string[]): unknown {
  if (Array.isArray(value)) {
    const at = Number(key);
    return rest.length === 0
      ? value.filter((_entry, index) => index !== at)
      : value.map((entry: unknown, index) => (index === at ? without(entry, rest) : entry));
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries: [string, unknown][] = Object.entries(value);
  return Object.fromEntries(
    entries.flatMap(([name, inner]) =>
      name !== key ? [[name, inner]] : rest.length === 0 ? [] : [[name, without(inner, rest)]],
    ),
  );
}
