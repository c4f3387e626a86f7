import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { PrompdError } from '../../core/errors.js';
import { parseJson } from '../../core/json.js';
import { systemCode } from '../../core/system-code.js';
import type { ParameterDefinition, ParameterLayers } from '../../prompt/index.js';
import type { Context } from '../context.js';

/** Variables of the environment that give values: this and the parameter's name in capitals. */
const VARIABLE_PREFIX = 'PROMPD_PARAM_';
/** Types for which `-p name=@path` hands in the file's bytes; others read its text. */
const BYTES: ReadonlySet<string> = new Set(['file', 'base64', 'string']);

/** Where the user said that values are, as typed. */
export interface ParameterSources {
  /** `name=value`, `name=@path`, `name=@@text`; of one name the last one counts. */
  readonly assignments: readonly string[];
  /** JSON or YAML files; `-` is standard input. */
  readonly files: readonly string[];
}

/**
 * Reads the layers that parameters get their values from.
 * @throws PrompdError EUSAGE for an assignment without a name; ENOFILE; EBADJSON; EPARAMETER for a file that is no map
 */
export async function readParameterSources(
  context: Context,
  definitions: readonly ParameterDefinition[],
  { assignments, files }: ParameterSources,
): Promise<ParameterLayers> {
  const types = new Map(definitions.map(({ name, type }) => [name, type]));
  const flags = await Promise.all(
    assignments.map(parseAssignment).map(async ([name, text]) => {
      return [name, await flagValue(context, text, BYTES.has(types.get(name) ?? 'string'))] as const;
    }),
  );
  const variables = definitions.flatMap(({ name }) => {
    const value = context.env[VARIABLE_PREFIX + name.toUpperCase()];
    return value === undefined ? [] : [[name, value] as const];
  });
  const maps: Record<string, unknown>[] = [];
  for (const file of files) maps.push(await readMap(context, file));
  return { flags: Object.fromEntries(flags), files: maps, environment: Object.fromEntries(variables) };
}

function parseAssignment(text: string): [name: string, value: string] {
  const at = text.indexOf('=');
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
  throw new PrompdError('EUSAGE', `"${text.slice(0, 80)}" gives no parameter a value.`, {
    facts: { given: text.slice(0, 80) },
    hint: 'Write -p name=value.',
  });
}

async function flagValue(context: Context, text: string, asBytes: boolean): Promise<string | Uint8Array> {
  if (text.startsWith('@@')) return text.slice(1);
  if (!text.startsWith('@')) return text;
  const hint = 'A value that begins with "@" names a file; write "@@" for the character itself.';
  const bytes = await readNamed(context, text.slice(1), hint);
  return asBytes ? bytes : bytes.toString('utf8');
}

async function readMap(context: Context, file: string): Promise<Record<string, unknown>> {
  const text =
    file === '-'
      ? await context.readStdin()
      : (await readNamed(context, file, 'Check the path after -f.')).toString('utf8');
  const name = file === '-' ? 'standard input' : file;
  const value = /\.json$/i.test(file) ? parseJson(text, file) : parseYaml(text, name);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new PrompdError('EPARAMETER', `${name} is not a map from parameter names to values.`, {
    facts: { file: name },
    hint: 'Write one "name: value" a line.',
  });
}

/** JSON is YAML, so that one parser reads either on standard input. */
function parseYaml(text: string, name: string): unknown {
  try {
    return parse(text, { logLevel: 'error', maxAliasCount: 100 });
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new PrompdError('EPARAMETER', `${name} is not valid YAML: ${reason}`, {
      facts: { file: name },
      cause,
    });
  }
}

async function readNamed(context: Context, file: string, hint: string): Promise<Buffer> {
  try {
    return await readFile(path.resolve(context.cwd, file));
  } catch (cause) {
    const code = systemCode(cause);
    if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'EISDIR') throw cause;
    throw new PrompdError('ENOFILE', `There is no file "${file}".`, {
      facts: { file },
      hint,
      cause,
    });
  }
}
