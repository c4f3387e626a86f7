import type { PackageManifest } from '../core/manifest.js';
import { byPlace } from '../core/problem.js';
import type { SourceTree } from '../core/source-tree.js';
import { type Finding, Fingerprints } from './finding.js';
import type { AnyFile, Match, TextFile } from './rule.js';
import { FILE_RULES, NAME_RULES } from './rule-table.js';
import { MAX_SCANNED_BYTES } from './rules/oversized-file.js';
import { limited, scanText } from './scan-text.js';

/**
 * Applies every rule to every file of a package. The same files always give the same findings, ordered by place.
 */
export async function scanTree(
  tree: SourceTree,
  manifest: Pick<PackageManifest, 'prompts'>,
): Promise<readonly Finding[]> {
  const prompts = new Set(Object.values(manifest.prompts ?? {}).map(path => path.replace(/^\.\//, '')));
  const fingerprints = new Fingerprints();
  const findings: Finding[] = [];
  for (const path of tree.paths) {
    const bytes = await tree.read(path);
    if (!bytes) continue;
    const file = { path, bytes, text: textOf(bytes), isPrompt: prompts.has(path) };
    findings.push(...scanFile(file, fingerprints));
  }
  return findings.sort(inOrder);
}

/** Orders findings by place, then by rule. */
export function inOrder(a: Finding, b: Finding): number {
  return byPlace(a, b) || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0);
}

function* scanFile(file: AnyFile, fingerprints: Fingerprints): Generator<Finding> {
  const { path, text } = file;
  const ofFile = (rule: string, { level, message, hint }: Match, ...more: readonly string[]): Finding => ({
    code: 'ESCAN',
    rule,
    level,
    severity: level === 'critical' ? 'error' : 'warning',
    message,
    file: path,
    hint,
    fingerprint: fingerprints.of(rule, path, ...more),
  });
  for (const rule of FILE_RULES) {
    for (const match of limited(rule, rule.checkFile(file))) yield ofFile(rule.id, match);
  }
  const name: TextFile = { path, text: path, isPrompt: false, origin: 'source' };
  for (const rule of NAME_RULES) {
    for (const match of limited(rule, rule.checkText(name)))
      yield ofFile(rule.id, { ...match, message: `The name of the file: ${match.message}` }, 'name');
  }
  if (text === undefined) return;
  const isPrompt = file.isPrompt || /\.(?:prompd|prmd)$/i.test(path);
  yield* scanText({ path, text, isPrompt, origin: 'source' }, fingerprints);
}

/** The text of a file that has one. Judged by content: a secret in a file called `data` is as public as any. */
function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.length > MAX_SCANNED_BYTES || bytes.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
