import { type Finding, scanTree } from '#prompd/scan/index.js';
import { memoryTree } from '#prompd/tarball/index.js';

/** What one rule finds in a file. */
export async function foundBy(
  rule: string,
  content: string | Uint8Array,
  file = 'prompts/a.prompd',
): Promise<readonly Finding[]> {
  const manifest = { prompts: file.endsWith('.prompd') ? { a: file } : {} };
  const findings = await scanTree(memoryTree([[file, content]]), manifest);
  return findings.filter(finding => finding.rule === rule);
}
