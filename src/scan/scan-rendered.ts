import { type AuditSeverity, isWorse } from '../core/audit-severity.js';
import { type Finding, Fingerprints } from './finding.js';
import type { TextFile } from './rule.js';
import { unrenderedPrompt } from './rules/unrendered-prompt.js';
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
  /** Whether rendering took more work than a scan does. */
  readonly isCut: boolean;
}

/**
 * Applies the rules to rendered messages, and gives back what no source shows: words that a template puts together,
 * addresses that values reach, characters that escapes stand for, and what is worse than its source looks: the quotation
 * marks of YAML and of expressions quote nothing.
 */
export function scanRendered(rendered: readonly RenderedText[]): readonly Finding[] {
  const fingerprints = new Fingerprints();
  const known = new Map<string, ReadonlyMap<string, AuditSeverity>>();
  const findings = new Map<string, Finding>();
  for (const { path, line, column, text, marker, sources, isCut } of rendered) {
    if (isCut) findings.set(`${path} ${unrenderedPrompt.id}`, unrendered(path, fingerprints));
    const visible = sources.map(source => {
      const found = known.get(source) ?? visibleIn(source);
      known.set(source, found);
      return found;
    });
    const file: TextFile = { path, text, isPrompt: true, origin: 'rendered', marker };
    for (const finding of scanText(file, new Fingerprints())) {
      const shown = visible.flatMap(levels => levels.get(idOf(finding)) ?? []);
      if (shown.some(level => !isWorse(finding.level, level))) continue;
      const id = `${path} ${idOf(finding)}`;
      const before = findings.get(id);
      if (before && !isWorse(finding.level, before.level)) continue;
      const how =
        shown.length === 0
          ? 'Only the rendered prompt shows it.'
          : 'In the rendered prompt it is plain text.';
      findings.set(id, {
        ...finding,
        line,
        column,
        message: `${how} ${finding.message}`,
        fingerprint: fingerprints.of('rendered', path, idOf(finding)),
      });
    }
  }
  return [...findings.values()].sort(inOrder);
}

/** What a source shows, with the worst severity of each. */
function visibleIn(source: string): ReadonlyMap<string, AuditSeverity> {
  const file: TextFile = { path: '', text: source, isPrompt: true, origin: 'source' };
  const levels = new Map<string, AuditSeverity>();
  for (const finding of scanText(file, new Fingerprints())) {
    const before = levels.get(idOf(finding));
    if (before === undefined || isWorse(finding.level, before)) levels.set(idOf(finding), finding.level);
  }
  return levels;
}

function unrendered(path: string, fingerprints: Fingerprints): Finding {
  return {
    code: 'ESCAN',
    rule: unrenderedPrompt.id,
    level: 'moderate',
    severity: 'warning',
    message:
      'Rendering the prompt takes more work than a scan does: what it puts together was not looked at.',
    file: path,
    hint: 'Shorten its loops, or pass what they make as a parameter.',
    fingerprint: fingerprints.of(unrenderedPrompt.id, path),
  };
}

function idOf({ rule, message }: Finding): string {
  return `${rule} ${message}`;
}
