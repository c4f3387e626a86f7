import { openPoints, type ReviewDays, type Tiering, tieringOf } from 'prompd/feat';
import { type Block, readTyped } from './block.js';
import { SECTIONS } from './fields.js';

/** How far a block is. */
export interface Standing {
  readonly tiering: Tiering;
  readonly open: ReturnType<typeof openPoints>;
  /** What cannot be saved for a version as it is written. */
  readonly faults: readonly {
    readonly path: readonly string[];
    readonly message: string;
    readonly hint?: string;
  }[];
  /** What is said beside a field, by its path. */
  readonly remarks: ReadonlyMap<string, readonly string[]>;
}

const PATHS = SECTIONS.flatMap(({ fields }) => fields.map(({ path }) => path));

/** The tier of what is written, and what it leaves open, by the code that the registry decides by. */
export function standingOf(
  block: Block,
  { now, reviewDays }: { now: Date; reviewDays?: ReviewDays },
): Standing {
  const { feat, faults } = readTyped(block);
  const tiering = tieringOf(feat);
  const open = openPoints(feat, { tier: tiering.tier, now, ...(reviewDays && { reviewDays }) });
  const remarks = new Map<string, string[]>();
  const remark = (path: string, message: string) => {
    const field = fieldOf(path);
    if (field !== undefined) remarks.set(field, [...(remarks.get(field) ?? []), message]);
  };
  for (const { path, message } of open) remark(path.replace(/^feat\./, ''), message);
  for (const { path, message } of faults) remark(path.slice(1).join('.'), message);
  return { tiering, open, faults, remarks };
}

/** The field that stands for a member: its own, or else the first of those that lie in it. */
export function fieldOf(path: string): string | undefined {
  return (
    PATHS.find(field => field === path || path.startsWith(`${field}.`)) ??
    PATHS.find(field => field.startsWith(`${path}.`))
  );
}

/** The id of the field for a member, in the page. */
export function fieldId(path: string): string {
  return `feat-${path.replaceAll('.', '-')}`;
}
