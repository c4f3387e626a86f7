import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { PrompdError } from '../core/errors.js';
import { parseJson } from '../core/json.js';
import { isVersion } from '../core/version.js';
import {
  lockOf,
  type Resolution,
  resolve,
  type Solution,
  solutionOf,
  solutionSchema,
  universeSchema,
  universeSource,
} from '../resolve/index.js';
import type { Context } from './context.js';

/** The answer to a universe: exact versions, or why there are none. */
export type DebugResolution =
  | ({ readonly ok: true } & Solution)
  | {
      readonly ok: false;
      readonly code: string;
      readonly explanation: readonly string[];
      readonly hint?: string;
    };

const dependencies = z.record(z.string().min(1), z.string()).default({});
const date = z.string().refine(text => !Number.isNaN(Date.parse(text)), { error: 'not an ISO time' });

const questionSchema = universeSchema.extend({
  /** As in a manifest. */
  root: z.object({ dependencies, devDependencies: dependencies, overrides: dependencies }),
  options: z
    .strictObject({
      conflicts: z.enum(['isolate', 'error']).optional(),
      strategy: z.enum(['highest', 'lowest', 'lowest-direct']).optional(),
      overrides: z.record(z.string().min(1), z.string()).optional(),
      /** What an earlier run printed. */
      locked: solutionSchema.optional(),
      before: date.optional(),
      minimumReleaseAge: z
        .strictObject({
          milliseconds: z.number().nonnegative(),
          now: date,
          exclude: z.array(z.string()).optional(),
        })
        .optional(),
      prompdVersion: z.string().refine(isVersion, { error: 'not a semantic version' }).optional(),
    })
    .default({}),
});

/**
 * Resolves a universe written as JSON: `{packages: {name: {version: {dependencies}}}, root: {dependencies}, options}`.
 * Described in docs/resolver.md.
 * @param file path, relative to the context's folder; `-` for standard input
 * @throws PrompdError ENOFILE, EBADJSON when the file is not such a universe
 */
export async function debugResolve(context: Context, file: string): Promise<DebugResolution> {
  const text = await read(context, file);
  // zod leaves the member out without a word, and a dependency would be missing from the answer.
  if (/"__proto__"\s*:/.test(text))
    throw new PrompdError('EBADJSON', `${file} has a member "__proto__", which cannot be resolved.`, {
      facts: { file },
      hint: 'Give the package another name.',
    });
  const question = questionSchema.safeParse(parseJson(text, file));
  if (!question.success) {
    throw new PrompdError('EBADJSON', `${file} is not a universe of packages.`, {
      facts: { file, problems: z.prettifyError(question.error).split('\n').slice(0, 20) },
      hint: 'Write {"packages": {name: {version: {"dependencies": {}}}}, "root": {"dependencies": {}}, "options": {}}.',
    });
  }
  const { packages, tags, root, options } = question.data;
  const { before, minimumReleaseAge, locked, ...rest } = options;
  const overrides = { ...root.overrides, ...options.overrides };
  try {
    return printed(
      await resolve({
        ...rest,
        root,
        overrides,
        locked: locked && lockOf(locked, overrides),
        before: before === undefined ? undefined : new Date(before),
        minimumReleaseAge: minimumReleaseAge && {
          milliseconds: minimumReleaseAge.milliseconds,
          now: new Date(minimumReleaseAge.now),
          exclude: minimumReleaseAge.exclude ?? [],
        },
        source: universeSource({ packages, tags }),
      }),
    );
  } catch (error) {
    if (error instanceof PrompdError) return failed(error);
    throw error;
  }
}

function printed(resolution: Resolution): DebugResolution {
  return { ok: true, ...solutionOf(resolution) };
}

function failed({ code, message, facts, hint }: PrompdError): DebugResolution {
  const because = facts['because'];
  const explanation = Array.isArray(because) ? because.map(String) : [];
  return {
    ok: false,
    code,
    explanation: code === 'ENOSOLUTION' && explanation.length > 0 ? explanation : [message, ...explanation],
    ...(hint === undefined ? {} : { hint }),
  };
}

async function read(context: Context, file: string): Promise<string> {
  try {
    return file === '-' ? await context.readStdin() : await readFile(path.resolve(context.cwd, file), 'utf8');
  } catch (cause) {
    throw new PrompdError('ENOFILE', `${file} cannot be read.`, { facts: { file }, cause });
  }
}
