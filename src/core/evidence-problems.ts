import { createHash } from 'node:crypto';
import { MANIFEST_FILE, type ProjectManifest, placesOf } from './manifest.js';
import type { Problem } from './problem.js';
import type { SourceTree } from './source-tree.js';

/**
 * Records of the `feat` block that are files of the package and are not what their SHA-256 says. What is elsewhere, or not
 * in the package, is for those who look at it.
 * @param tree the files of the package
 */
export async function evidenceProblems(
  tree: SourceTree,
  { feat }: Pick<ProjectManifest, 'feat'>,
): Promise<Problem[]> {
  const others: { at: number; path: string; found: string }[] = [];
  for (const [at, { uri, sha256 }] of (feat?.evidence ?? []).entries()) {
    const path = packagedPath(uri);
    const bytes = path !== undefined && tree.paths.includes(path) ? await tree.read(path) : undefined;
    if (path === undefined || bytes === undefined) continue;
    const found = createHash('sha256').update(bytes).digest('hex');
    if (found !== sha256) others.push({ at, path, found });
  }
  if (others.length === 0) return [];
  const text = await tree.read(MANIFEST_FILE);
  const place = placesOf(text === undefined ? '{}' : new TextDecoder().decode(text), MANIFEST_FILE);
  return others.map(({ at, path, found }) => ({
    code: 'EMANIFEST',
    severity: 'error',
    message: `The record ${path} is another one than "feat.evidence" says: its SHA-256 is ${found}.`,
    ...place(['feat', 'evidence', String(at), 'sha256']),
    hint: 'Look which of the two is right, and correct the file or its SHA-256.',
  }));
}

const PACKAGE = 'http://package.invalid';

/** The file of the package that an address means: a relative reference, as RFC 3986 resolves it. */
function packagedPath(uri: string): string | undefined {
  if (URL.canParse(uri) || !URL.canParse(uri, PACKAGE)) return undefined;
  const { origin, pathname } = new URL(uri, PACKAGE);
  if (origin !== PACKAGE) return undefined;
  try {
    return decodeURIComponent(pathname.slice(1));
  } catch {
    return undefined;
  }
}
