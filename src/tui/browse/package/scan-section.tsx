import type { Finding } from '../../../scan/index.js';
import { cleanLine } from '../../parts/clean-text.js';
import { type Line, type Tone, textLine } from '../../parts/line.js';
import { useLoaded } from '../../parts/use-loaded.js';
import { wrapped } from '../../parts/wrap.js';
import type { SectionProps } from './package-view.js';
import { LoadedLines } from './section.js';

/** What the rules of "prompd audit" find in the version. */
export function ScanSection({ session, info, size, active }: SectionProps) {
  const { name, version } = info;
  const loaded = useLoaded(`${name}@${version}`, signal => session.findings(name, version, signal));
  return (
    <LoadedLines
      loaded={loaded}
      size={size}
      active={active}
      lines={findings => findingLines(findings, size.columns)}
    />
  );
}

const TONES: Readonly<Record<string, Tone>> = { critical: 'bad', high: 'bad', moderate: 'warn' };

/** @param width columns */
export function findingLines(findings: readonly Finding[], width: number): Line[] {
  if (findings.length === 0) return [textLine('The rules find nothing in it.', 'good')];
  return findings.flatMap(({ level, rule, file, line, message }) => [
    [
      { text: level, tone: TONES[level] ?? ('plain' as const) },
      { text: ` ${cleanLine(file)}${line === undefined ? '' : `:${line}`} ` },
      { text: rule, tone: 'dim' as const },
    ],
    ...wrapped([{ text: cleanLine(message) }], { width, first: [{ text: '  ' }] }),
  ]);
}
