import { MANIFEST_FILE, type PackageManifest, type Problem } from 'prompd/core';
import { type ArchiveContents, packageJson } from 'prompd/tarball';
import { z } from 'zod';

const PACKAGE_JSON = 'package.json';
/** Scripts that npm runs when somebody installs the package. */
const RUN_AT_INSTALL = ['preinstall', 'install', 'postinstall'];
/** npm runs node-gyp for a package with this file. */
const BUILD_FILE = 'binding.gyp';

const text = z.string();
const schema = z.looseObject({
  name: text,
  version: text,
  scripts: z.record(text, z.unknown()).optional(),
  dependencies: z.record(text, text).optional(),
});

/**
 * Problems of what npm would see in an archive. npm reads package.json instead of prompd.json: it must find the same
 * package there, with the same dependencies, and nothing to run.
 */
export function npmViewProblems(archive: ArchiveContents, manifest: PackageManifest): Problem[] {
  const problems = archive.files.has(BUILD_FILE) ? [problem('npm would build the package.', BUILD_FILE)] : [];
  const content = archive.files.get(PACKAGE_JSON);
  if (!content) return problems;
  const parsed = parse(content);
  if (parsed === undefined) return [...problems, problem('package.json is not one that npm can read.')];
  const { name, version, scripts = {}, dependencies = {} } = parsed;
  if (name !== manifest.name || version !== manifest.version) {
    problems.push(problem(`package.json names another package or version than ${MANIFEST_FILE}.`));
  }
  const runs = RUN_AT_INSTALL.filter(script => Object.hasOwn(scripts, script));
  if (runs.length > 0) problems.push(problem(`package.json has npm run a script: ${runs.join(', ')}.`));
  const expected = parse(new TextEncoder().encode(packageJson(manifest)))?.dependencies ?? {};
  if (!isSame(dependencies, expected)) {
    problems.push(problem(`package.json has other dependencies than ${MANIFEST_FILE}.`));
  }
  return problems;
}

function parse(content: Uint8Array): z.infer<typeof schema> | undefined {
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(content)));
  } catch {
    return undefined;
  }
}

function isSame(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every(key => Object.hasOwn(b, key) && a[key] === b[key])
  );
}

function problem(message: string, file: string = PACKAGE_JSON): Problem {
  return {
    code: 'EMANIFEST',
    severity: 'error',
    message,
    file,
    hint: `Leave ${file} out: "prompd pack" writes a package.json from ${MANIFEST_FILE}.`,
  };
}
