import type { PackageManifest } from '../core/manifest.js';
import { byPlace, type Problem } from '../core/problem.js';
import type { SourceTree } from '../core/source-tree.js';
import { LineIndex } from './line-index.js';
import type { AnyFile, Match } from './rule.js';
import { encodedBlob } from './rules/encoded-blob.js';
import { executableFile } from './rules/executable-file.js';
import { hiddenUnicode } from './rules/hidden-unicode.js';
import { hostOverride } from './rules/host-override.js';
import { mixedScript } from './rules/mixed-script.js';
import { MAX_SCANNED_BYTES, oversizedFile } from './rules/oversized-file.js';
import { remoteTemplateUrl } from './rules/remote-template-url.js';
import { secret } from './rules/secret.js';
import { secretAssignment } from './rules/secret-assignment.js';

/** Something in a package that its readers should know of. An error keeps it from being published. */
export interface Finding extends Problem {
  readonly code: 'ESCAN';
  /** Which rule found it. */
  readonly rule: string;
}

const TEXT_RULES = [
  secret,
  secretAssignment,
  hiddenUnicode,
  mixedScript,
  hostOverride,
  encodedBlob,
  remoteTemplateUrl,
] as const;

const FILE_RULES = [executableFile, oversizedFile] as const;

/** Enough to understand what is wrong; the rest of a file full of it helps nobody. */
const MAX_PER_RULE = 20;

/**
 * Applies every publishing rule to every file of a package. The same files always give the same findings, ordered by
 * place.
 */
export async function scanTree(
  tree: SourceTree,
  manifest: Pick<PackageManifest, 'prompts'>,
): Promise<readonly Finding[]> {
  const prompts = new Set(Object.values(manifest.prompts ?? {}).map(path => path.replace(/^\.\//, '')));
  const findings: Finding[] = [];
  for (const path of tree.paths) {
    const bytes = await tree.read(path);
    if (bytes) findings.push(...scanFile({ path, bytes, text: textOf(bytes), isPrompt: prompts.has(path) }));
  }
  return findings.sort((a, b) => byPlace(a, b) || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0));
}

function* scanFile(file: AnyFile): Generator<Finding> {
  for (const rule of FILE_RULES) yield* findings(rule.id, file.path, rule.checkFile(file));
  const { path, text } = file;
  if (text === undefined) return;
  const lines = new LineIndex(text);
  for (const rule of TEXT_RULES) yield* findings(rule.id, path, rule.checkText({ path, text }), lines);
}

function* findings(
  rule: string,
  file: string,
  matches: Iterable<Match>,
  lines?: LineIndex,
): Generator<Finding> {
  let count = 0;
  for (const { index, ...match } of matches) {
    if (++count > MAX_PER_RULE) return;
    const place = index === undefined ? {} : lines?.placeOf(index);
    yield { code: 'ESCAN', rule, file, ...match, ...place };
  }
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
