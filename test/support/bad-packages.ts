import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cp, symlink } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Teardown, tempDir } from './temp.js';

const root = fileURLToPath(new URL('../../../fixtures/bad/', import.meta.url));

const expectedSchema = z.strictObject({
  codes: z.array(z.string()).min(1),
  links: z.record(z.string(), z.string()).default({}),
});

/** A package with one defect, from fixtures/bad. */
export interface BadPackage {
  readonly defect: string;
  /** Absolute; without the links that the defect may need. */
  readonly dir: string;
  /** Codes that checking must report, sorted, each once. */
  readonly codes: readonly string[];
  readonly links: Readonly<Record<string, string>>;
}

export const badPackages: readonly BadPackage[] = readdirSync(root)
  .sort()
  .filter(defect => existsSync(path.join(root, defect, 'prompd.json')))
  .map(defect => {
    const dir = path.join(root, defect);
    return {
      defect,
      dir,
      ...expectedSchema.parse(JSON.parse(readFileSync(path.join(dir, 'expected.json'), 'utf8'))),
    };
  });

/** A copy of the package, links included, in a temporary folder. */
export async function copyBadPackage(t: Teardown, { dir, links }: BadPackage): Promise<string> {
  const copy = path.join(tempDir(t), 'package');
  await cp(dir, copy, { recursive: true });
  for (const [link, target] of Object.entries(links)) await symlink(target, path.join(copy, link));
  return copy;
}
