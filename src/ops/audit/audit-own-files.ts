import path from 'node:path';
import type { ProjectManifest } from '../../core/manifest.js';
import type { SourceTree } from '../../core/source-tree.js';
import { isPromptPath, listReferences, parsePrompt } from '../../prompt/index.js';
import { folderTree } from '../../tarball/index.js';
import type { Context } from '../context.js';
import { type Project, readProject } from '../project/project.js';
import { findPrompts } from '../prompts/find-prompts.js';
import { folderReader } from '../prompts/prompt-files.js';
import { folderPackage, lenient } from '../prompts/prompt-packages.js';
import { under } from '../registry/check-package.js';
import { type AuditItem, findingItem } from './audit-item.js';
import { scanPackage } from './scan-package.js';

/** Files that the loose prompts of a project may be made of. */
const MAX_FILES = 20_000;

/** What the rules find in a project's own package, its loose prompts, and the packages in folders below. */
export async function scanOwnFiles(
  context: Context,
  { dir, manifest }: Pick<Project, 'dir' | 'manifest'>,
): Promise<AuditItem[]> {
  if (manifest.name !== undefined && manifest.version !== undefined)
    return scanFolder(context, dir, { manifest, tree: await folderTree(dir, manifest) });
  const { packages, loose } = await findPrompts(dir, { asProject: true });
  const items = await scanLoose(
    context,
    dir,
    loose.map(file => relativeTo(dir, file)),
  );
  for (const folder of packages) {
    const label = relativeTo(dir, folder);
    for (const item of await scanOwnFiles(context, await readProject(folder)))
      items.push({ ...item, file: under(label, item.file ?? '') });
  }
  return items;
}

interface Folder {
  readonly manifest: ProjectManifest;
  readonly tree: SourceTree;
}

async function scanFolder(context: Context, dir: string, { manifest, tree }: Folder): Promise<AuditItem[]> {
  const { dependency } = lenient(folderPackage(context, dir, { manifest, tree, label: '' }));
  const findings = await scanPackage(tree, manifest, { dependency });
  return findings.map(finding => findingItem(finding, undefined));
}

/** Of a project that is no package, the prompts are looked at and what they are made of; the rest is other people's. */
async function scanLoose(context: Context, dir: string, prompts: readonly string[]): Promise<AuditItem[]> {
  const read = folderReader(dir);
  const seen = new Set<string>(prompts);
  for (const file of seen) {
    if (seen.size > MAX_FILES || !isPromptPath(file)) continue;
    const bytes = await read(file);
    const { prompt } = parsePrompt({ id: file, path: file, text: Buffer.from(bytes ?? []).toString('utf8') });
    for (const { target } of prompt ? listReferences(prompt) : []) {
      if (target.kind !== 'relative') continue;
      const inner = path.posix.join(path.posix.dirname(file), target.path);
      if (!inner.startsWith('..') && !path.posix.isAbsolute(inner)) seen.add(inner);
    }
  }
  const tree: SourceTree = { paths: [...seen].sort(), read };
  const manifest = { prompts: Object.fromEntries(prompts.map(file => [file, file])) };
  return scanFolder(context, dir, { manifest, tree });
}

function relativeTo(dir: string, file: string): string {
  return path.relative(dir, file).split(path.sep).join('/');
}
