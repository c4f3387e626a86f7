import type { ErrorObject } from 'ajv';
import { type Node, parseTree } from 'jsonc-parser';
import { conflictLine, hasConflictMarkers } from './conflict-markers.js';
import { PrompdError } from './errors.js';
import { parseJson } from './json.js';
import { nestsDeeperThan } from './json-text.js';
import type { PrompdJson } from './manifest-type.js';
import { fields, validate } from './manifest-validator.js';
import { isPackageName, type PackageName } from './name.js';
import { hasErrors, type Problem } from './problem.js';
import { parseDependency } from './specifier.js';
import { isVersion, type Version } from './version.js';

/** The manifest of a project that installs packages: everything may be missing. */
export type ProjectManifest = Readonly<PrompdJson>;
/** The manifest of a package: it has a name and a version. */
export type PackageManifest = ProjectManifest & { readonly name: PackageName; readonly version: Version };

export const MANIFEST_FILE = 'prompd.json';

/** Largest manifest, in UTF-16 code units: more than the fields of the schema can fill with sense. */
const MAX_LENGTH = 512 * 1024;
/** Levels of objects and lists. */
const MAX_DEPTH = 100;
/** Enough to see what is wrong; a hostile manifest could have a problem in each of its bytes. */
const MAX_PROBLEMS = 100;

export interface Checked<T> {
  /** Present when no problem is an error. */
  readonly manifest: T | undefined;
  readonly problems: readonly Problem[];
}

/**
 * Checks the text of a prompd.json that is to be a package: schema, names, versions, ranges.
 * @param file what to call it in problems
 */
export function checkPackageManifest(text: string, file: string = MANIFEST_FILE): Checked<PackageManifest> {
  const { data, problems } = check(text, file);
  if (data && data.name === undefined) problems.push(missing(file, 'name', '"@team/code-review"'));
  if (data && data.version === undefined) problems.push(missing(file, 'version', '"1.0.0"'));
  return { manifest: data && !hasErrors(problems) ? (data as PackageManifest) : undefined, problems };
}

/** Checks the text of a project's prompd.json. */
export function checkProjectManifest(text: string, file: string = MANIFEST_FILE): Checked<ProjectManifest> {
  const { data, problems } = check(text, file);
  return { manifest: hasErrors(problems) ? undefined : data, problems };
}

/** The package manifest in a text. @throws PrompdError EBADJSON; EMANIFEST with every problem */
export function readPackageManifest(text: string, file: string = MANIFEST_FILE): PackageManifest {
  return manifestOrThrow(checkPackageManifest(text, file), file);
}

/** The project manifest in a text. @throws PrompdError EBADJSON; EMANIFEST with every problem */
export function readProjectManifest(text: string, file: string = MANIFEST_FILE): ProjectManifest {
  return manifestOrThrow(checkProjectManifest(text, file), file);
}

function manifestOrThrow<T>({ manifest, problems }: Checked<T>, file: string): T {
  if (manifest) return manifest;
  const errors = problems.filter(problem => problem.severity === 'error');
  const [first] = errors;
  if (first?.code === 'EMANIFESTCONFLICT') {
    throw new PrompdError(first.code, first.message, { facts: { file, line: first.line ?? 1 } });
  }
  if (first?.code === 'EBADJSON') {
    throw new PrompdError('EBADJSON', first.message, {
      facts: { file, line: first.line ?? 1, column: first.column ?? 1 },
    });
  }
  throw new PrompdError('EMANIFEST', `${file}: ${errors[0]?.message ?? 'it cannot be used.'}`, {
    facts: {
      file,
      problems: errors.map(({ line, column, message }) => `${line ?? 1}:${column ?? 1} ${message}`),
    },
    hint: errors[0]?.hint,
  });
}

function check(text: string, file: string): { data: ProjectManifest | undefined; problems: Problem[] } {
  const unreadable = boundsProblem(text, file);
  if (unreadable) return { data: undefined, problems: [unreadable] };
  let raw: unknown;
  try {
    raw = parseJson(text, file);
  } catch (error) {
    if (!(error instanceof PrompdError)) throw error;
    const { line, column } = error.facts;
    const place = { line: Number(line ?? 1), column: Number(column ?? 1) };
    return {
      data: undefined,
      problems: [{ code: 'EBADJSON', severity: 'error', message: error.message, file, ...place }],
    };
  }
  const place = placesOf(text, file);
  const { data, faults } = checkSchema(raw);
  const problems: Problem[] = [
    ...faults.map(
      ({ path, ...fault }): Problem => ({ code: 'EMANIFEST', severity: 'error', ...fault, ...place(path) }),
    ),
    ...(isRecord(raw) ? [...unknownFields(raw, place), ...semanticProblems(raw, place)] : []),
  ];
  return { data, problems };
}

/** What keeps a text from being looked at any further. */
function boundsProblem(text: string, file: string): Problem | undefined {
  const problem = (message: string, hint?: string): Problem => ({
    code: 'EMANIFEST',
    severity: 'error',
    message,
    file,
    line: 1,
    column: 1,
    ...(hint === undefined ? {} : { hint }),
  });
  if (text.length > MAX_LENGTH) {
    return problem(
      `A manifest can have at most ${MAX_LENGTH} characters.`,
      'Keep data in files of its own, beside the manifest.',
    );
  }
  if (hasConflictMarkers(text)) {
    const line = conflictLine(text) ?? 1;
    return {
      ...problem(`${file} has conflict markers of a merge, first in line ${line}.`),
      code: 'EMANIFESTCONFLICT',
      line,
    };
  }
  if (nestsDeeperThan(text, MAX_DEPTH)) {
    return problem(
      'The manifest is nested too deeply.',
      'Nothing in a manifest needs more than a few levels.',
    );
  }
  return undefined;
}

/** Where a member of a JSON document stands, by the keys that lead to it; the nearest one that is there counts. */
export type Place = (path: readonly string[]) => Pick<Problem, 'file' | 'line' | 'column'>;

/** @param text JSON, well-formed or not; @param file what to call it */
export function placesOf(text: string, file: string): Place {
  let tree: Node | undefined;
  return path => {
    // Parsed when the first place is asked for: most manifests have nothing to point at.
    tree ??= parseTree(text);
    const offset = tree ? offsetOf(tree, path) : 0;
    const before = text.slice(0, offset);
    return {
      file,
      line: before.split('\n').length,
      column: offset - before.lastIndexOf('\n'),
    };
  };
}

function offsetOf(tree: Node, path: readonly string[]): number {
  let node = tree;
  for (const key of path) {
    const next =
      node.type === 'array'
        ? node.children?.[Number(key)]
        : node.children?.find(member => member.children?.[0]?.value === key)?.children?.[1];
    if (!next) break;
    node = next;
  }
  return node.offset;
}

/** `anyOf` repeats what its branches said already. */
function isLeaf(error: ErrorObject): boolean {
  return error.keyword !== 'anyOf';
}

/** What the schema has against one member of a manifest. */
export interface SchemaFault {
  /** The keys that lead to it. */
  readonly path: readonly string[];
  /** A sentence that names the member. */
  readonly message: string;
  readonly hint?: string;
}

/**
 * Holds what was read from a manifest, or is being written for one, against the schema alone.
 * @returns what it holds, where nothing is wrong with it
 */
export function checkSchema(raw: unknown): {
  readonly data: ProjectManifest | undefined;
  readonly faults: readonly SchemaFault[];
} {
  const data = validate(raw) ? raw : undefined;
  return { data, faults: (validate.errors ?? []).filter(isLeaf).slice(0, MAX_PROBLEMS).map(faultOf) };
}

function faultOf(error: ErrorObject): SchemaFault {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map(part => part.replace(/~1/g, '/').replace(/~0/g, '~'));
  const field = path.length > 0 ? `"${path.join('.')}"` : 'the manifest';
  const allowed: unknown = error.params['allowedValues'];
  const extra: unknown = error.params['additionalProperty'];
  const detail = Array.isArray(allowed)
    ? ` (${allowed.join(', ')})`
    : typeof extra === 'string'
      ? ` ("${extra}")`
      : '';
  const rule = error.keyword === 'pattern' ? 'does not have the form that is asked for' : error.message;
  const description: unknown = error.parentSchema?.['description'];
  return {
    path,
    message: `${field} ${rule ?? 'is not valid'}${detail}.`,
    ...(typeof description === 'string' ? { hint: description } : {}),
  };
}

function unknownFields(data: Fields, place: Place): Problem[] {
  return Object.keys(data)
    .filter(field => !fields.includes(field))
    .slice(0, MAX_PROBLEMS)
    .map(field => ({
      code: 'EMANIFESTFIELD' as const,
      severity: 'warning' as const,
      message: `"${field}" is not a field of prompd.json; it is kept and ignored.`,
      ...place([field]),
    }));
}

/** What the schema cannot say. Fields of a wrong type are passed over: the schema has reported them. */
function semanticProblems(data: Fields, place: Place): Problem[] {
  const problems: Problem[] = [];
  const report = (code: Problem['code'], message: string, path: string[], hint?: string) => {
    if (problems.length >= MAX_PROBLEMS) return;
    problems.push({
      code,
      severity: 'error',
      message,
      ...place(path),
      ...(hint === undefined ? {} : { hint }),
    });
  };
  const { name, version, prompts } = data;

  if (typeof name === 'string' && !isPackageName(name)) {
    report(
      'EBADNAME',
      `"${name}" is not a valid package name.`,
      ['name'],
      'Use lowercase letters, digits, "-", "_" and ".".',
    );
  }
  if (typeof version === 'string' && !isVersion(version)) {
    report(
      'EBADVERSION',
      `"${version}" is not a semantic version.`,
      ['version'],
      'Write it as major.minor.patch.',
    );
  }
  for (const field of ['dependencies', 'devDependencies', 'overrides']) {
    for (const [key, value] of Object.entries(isRecord(data[field]) ? data[field] : {})) {
      if (typeof value !== 'string') continue;
      try {
        parseDependency(key, value);
      } catch (error) {
        if (!(error instanceof PrompdError)) throw error;
        report(error.code, `${field}: ${error.message}`, [field, key], error.hint);
      }
    }
  }
  const ids = isRecord(prompts) ? Object.keys(prompts) : [];
  const hint = ids.length > 0 ? `Prompts are ${ids.join(', ').slice(0, 200)}.` : 'Add it to "prompts".';
  for (const path of promptFields(data)) {
    const [field = ''] = path;
    const id = valueAt(data, path);
    if (typeof id !== 'string' || ids.includes(id)) continue;
    report('ENOPROMPT', `"${field}" names the prompt "${id}", which "prompts" does not have.`, path, hint);
  }
  return problems;
}

/** The places where a manifest names one of its prompts. */
function promptFields({ tests }: Fields): string[][] {
  const cases = Array.isArray(tests) ? tests : [];
  return [['main'], ...cases.map((_case, index) => ['tests', String(index), 'prompt'])];
}

function valueAt(data: Fields, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    data,
  );
}

type Fields = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function missing(file: string, field: string, example: string): Problem {
  return {
    code: 'EMANIFEST',
    severity: 'error',
    message: `"${field}" is missing.`,
    file,
    line: 1,
    column: 1,
    hint: `Add it, as in "${field}": ${example}.`,
  };
}
