import type { PackageDiff } from '../../ops/version/diff.js';
import { cleanLine } from './clean-text.js';
import { type Line, type Span, type Tone, textLine } from './line.js';
import { wrapped } from './wrap.js';

const LEVELS: Readonly<Record<'breaking' | 'minor' | 'patch', Tone>> = {
  breaking: 'bad',
  minor: 'warn',
  patch: 'dim',
};
/** Lines of patches that are shown. */
const MAX_PATCH_LINES = 20_000;
/** Longer values are in the patch of the manifest. */
const MAX_VALUE = 200;

/** What two packages differ in: contracts first, then the manifest, then files. @param width columns */
export function diffLines(diff: PackageDiff, width: number): Line[] {
  const parts = [contractLines(diff, width), manifestLines(diff, width), ...diff.files.map(fileLines)];
  return parts
    .filter(lines => lines.length > 0)
    .flatMap((lines, at) => (at === 0 ? lines : [[], ...lines]))
    .slice(0, MAX_PATCH_LINES);
}

/** What callers of the prompts notice. */
export function contractLines(diff: PackageDiff, width: number): Line[] {
  const { before, after, changes, uncompared, level } = diff;
  const title: Line = [
    { text: before.title, tone: 'strong' },
    { text: ' -> ' },
    { text: after.title, tone: 'strong' },
  ];
  const verdict = level === undefined ? 'nothing differs' : `${level} changes`;
  return [
    title,
    textLine(verdict, level === undefined ? 'dim' : LEVELS[level]),
    ...changes.flatMap(change =>
      wrapped(
        [
          { text: change.level.padEnd(9), tone: LEVELS[change.level] },
          ...(change.prompt === undefined
            ? []
            : [{ text: `${cleanLine(change.prompt)}: `, tone: 'name' } satisfies Span]),
          { text: cleanLine(change.message) },
        ],
        { width, first: [{ text: '  ' }], rest: [{ text: ' '.repeat(11) }] },
      ),
    ),
    ...uncompared.flatMap(({ prompt, reason }) =>
      wrapped([{ text: 'not compared ', tone: 'warn' }, { text: cleanLine(`${prompt}: ${reason}`) }], {
        width,
        first: [{ text: '  ' }],
        rest: [{ text: ' '.repeat(11) }],
      }),
    ),
  ];
}

function manifestLines({ manifest }: PackageDiff, width: number): Line[] {
  if (manifest.length === 0) return [];
  return [
    textLine('prompd.json', 'strong'),
    ...manifest.flatMap(({ field, before, after }) =>
      wrapped([{ text: cleanLine(`${field}: ${valueText(before)} -> ${valueText(after)}`) }], {
        width,
        first: [{ text: '  ' }],
      }),
    ),
  ];
}

function valueText(value: unknown): string {
  if (value === undefined) return 'none';
  const json = typeof value === 'string' ? value : JSON.stringify(value);
  return json.length > MAX_VALUE ? `${json.slice(0, MAX_VALUE)}…` : json;
}

function fileLines({ path, status, patch, note }: PackageDiff['files'][number]): Line[] {
  const heading: Line = [
    { text: cleanLine(path), tone: 'strong' },
    { text: ` ${status}${note === undefined ? '' : ` (${note})`}` },
  ];
  if (patch === undefined) return [heading];
  return [heading, ...patch.replace(/\n$/, '').split('\n').map(patchLine)];
}

/** The sign at the beginning says what the colour says. */
function patchLine(line: string): Line {
  if (/^(?:---|\+\+\+) /.test(line)) return textLine(line, 'strong');
  if (line.startsWith('@@')) return textLine(line, 'name');
  if (line.startsWith('+')) return textLine(line, 'good');
  return textLine(line, line.startsWith('-') ? 'bad' : 'plain');
}
