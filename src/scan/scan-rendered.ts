import { type Finding, Fingerprints } from './finding.js';
import type { TextFile } from './rule.js';
import { scanText } from './scan-text.js';
import { inOrder } from './scan-tree.js';

/** What one message of a prompt came out as, with sample values. */
export interface RenderedText {
  /** The prompt's file, as findings name it. */
  readonly path: string;
  /** Where in the file the message begins, from 1. */
  readonly line: number;
  readonly column: number;
  readonly text: string;
  /** The word that stands for values that only the caller knows. */
  readonly marker: string;
  /** The texts that the message was made of. */
  readonly sources: readonly string[];
}

/**
 * Applies the rules to rendered messages, and gives back what no source shows: words that a template puts together,
 * addresses that values reach, characters that escapes stand for.
 */
export function scanRendered(rendered: readonly RenderedText[]): readonly Finding[] {
  const fingerprints = new Fingerprints();
  const known = new Map<string, ReadonlySet<string>>();
  const findings = new Map<string, Finding>();
  for (const { path, line, column, text, marker, sources } of rendered) {
    const visible = sources.map(source => {
      const found = known.get(source) ?? visibleIn(source);
      known.set(source, found);
      return found;
    });
    const file: TextFile = { path, text, isPrompt: true, origin: 'rendered', marker };
    for (const finding of scanText(file, new Fingerprints())) {
      if (visible.some(ids => ids.has(idOf(finding)))) continue;
      const id = `${path} ${idOf(finding)}`;
      if (findings.has(id)) continue;
      findings.set(id, {
        ...finding,
        line,
        column,
        message: `Only the rendered prompt shows it. ${finding.message}`,
        fingerprint: fingerprints.of('rendered', path, idOf(finding)),
      });
    }
  }
  return [...findings.values()].sort(inOrder);
}

function visibleIn(source: string): ReadonlySet<string> {
  const file: TextFile = { path: '', text: source, isPrompt: true, origin: 'source' };
  return new Set([...scanText(file, new Fingerprints())].map(idOf));
}

function idOf({ rule, message }: Finding): string {
  return `${rule} ${message}`;
}
