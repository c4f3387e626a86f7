import { type FeatBlock, type ReadBlock, readBlock } from 'prompd/feat';
import { z } from 'zod';

// The policy of the pages allows no code that is made of text.
z.config({ jitless: true });

/** What is written into the form: JSON of which nothing is sure yet. */
export type Json = z.infer<ReturnType<typeof z.json>>;
export type Block = Readonly<Record<string, Json>>;

const manifest = z.looseObject({ feat: z.record(z.string(), z.json()).optional() });
const LEVELS = ['low', 'medium', 'high'] as const;

/**
 * The block of a prompd.json as it is written, a new one where there is none.
 * @param text of the file, which anybody may have written
 * @returns undefined for a text that can only be mended by hand
 */
export function blockOf(text: string): Block | undefined {
  try {
    const { success, data } = manifest.safeParse(JSON.parse(text));
    return success ? (data.feat ?? { schemaVersion: '1' }) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What of the block counts. A level counts as soon as it is chosen, before its reason is written, so that one sees what it
 * does to the tier.
 */
export function readTyped(block: Block): ReadBlock {
  const { feat, faults } = readBlock(block);
  const levels: Partial<Pick<FeatBlock, 'impact' | 'complexity' | 'reliance'>> = {};
  for (const factor of ['impact', 'complexity', 'reliance'] as const) {
    const level = LEVELS.find(one => one === valueAt(block, [factor, 'level']));
    if (level !== undefined && feat[factor] === undefined) levels[factor] = { level, rationale: '' };
  }
  return { feat: { ...feat, ...levels }, faults };
}

/** What stands at a path; undefined where nothing does. */
export function valueAt(value: Json | Block | undefined, path: readonly string[]): Json | undefined {
  let found: Json | Block | undefined = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = Object.entries(found).find(([name]) => name === key)?.[1];
  }
  return isBlock(found) ? { ...found } : found;
}

/** A block in which something else stands at a path. What is left empty by that is taken out. */
export function withValue(block: Block, path: readonly string[], value: Json | undefined): Block {
  const changed = changedAt({ ...block }, path, value);
  return isBlock(changed) ? changed : {};
}

function changedAt(
  inside: Json | undefined,
  [key = '', ...rest]: readonly string[],
  value: Json | undefined,
): Json | undefined {
  if (Array.isArray(inside)) {
    const at = Number(key);
    return inside.flatMap((entry, index) => {
      if (index !== at) return [entry];
      if (rest.length > 0) return [changedAt(entry, rest, value) ?? {}];
      return value === undefined ? [] : [value];
    });
  }
  const object = isBlock(inside) ? inside : {};
  const inner = rest.length > 0 ? changedAt(object[key], rest, value) : value;
  const { [key]: _before, ...others } = object;
  if (inner === undefined) return Object.keys(others).length === 0 ? undefined : others;
  // A member keeps its place, so that the file changes where the form did.
  return key in object
    ? Object.fromEntries(Object.entries(object).map(([name, old]) => [name, name === key ? inner : old]))
    : { ...object, [key]: inner };
}

function isBlock(value: unknown): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
