import { z } from 'zod';
import { PrompdError } from '../core/errors.js';
import { suggest } from '../core/suggest.js';
import { isSecretWord } from './read.js';
import { projectConfigSchema, userConfigSchema } from './schema.js';

/** The files that settings can be written to. */
export type Location = 'user' | 'project';

/** A place in a configuration file. */
export interface SettingKey {
  /** As it is typed: `network.retries`, `scopes.@bank`, `registries.work.url`. */
  readonly key: string;
  readonly path: readonly string[];
  /** What may stand there. */
  readonly schema: z.ZodType;
}

/**
 * Understands a dotted path by the schema of the configuration, in which names that somebody chose may hold dots too:
 * `registries.my.host.url` is the address of the registry `my.host`.
 * @param location whose settings are meant; by default all that a user can set
 * @throws PrompdError ECONFIG with a suggestion when there is no such setting
 */
export function parseSettingKey(key: string, location: Location = 'user'): SettingKey {
  const found = find(schemaOf(location), key);
  if (found) return { key, ...found };
  if (location === 'project' && find(userConfigSchema, key)) {
    throw new PrompdError('ECONFIG', `"${key}" cannot be set for a project.`, {
      facts: { key },
      hint: `Leave out "--location project" to set it for yourself.`,
    });
  }
  throw unknownSetting(key);
}

/** Every setting; a name that somebody chooses is written `<name>`. */
export function settingKeys(): string[] {
  return keysOf(userConfigSchema, '');
}

/** The leaves of a configuration file's values, by path; lists count as one value. */
export function settingsIn(
  values: object,
  trail: readonly string[] = [],
): { readonly path: readonly string[]; readonly value: unknown }[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const path = [...trail, name];
    if (value === undefined) return [];
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? settingsIn(value, path)
      : [{ path, value }];
  });
}

/**
 * A value as it was typed: text where the setting takes text, else JSON.
 * @throws PrompdError ECONFIG when the setting does not take it
 */
export function parseSettingValue({ key, schema }: SettingKey, typed: string): unknown {
  const asText = schema.safeParse(typed);
  if (asText.success) return typed;
  const json = jsonOrUndefined(typed);
  const asJson = json === undefined ? undefined : schema.safeParse(json);
  if (asJson?.success) return json;
  const [issue] = (asJson ?? asText).error?.issues ?? [];
  throw new PrompdError('ECONFIG', `"${key}" cannot be "${typed.slice(0, 200)}".`, {
    facts: { key, found: typed.slice(0, 200), reason: issue?.message ?? 'it does not fit' },
    hint: 'docs/configuration.md lists every setting with its values.',
  });
}

const CHOSEN = '<name>';

interface Found {
  readonly path: readonly string[];
  readonly schema: z.ZodType;
}

function find(raw: unknown, rest: string): Found | undefined {
  const schema = unwrap(raw);
  if (schema instanceof z.ZodObject) {
    const shape: Readonly<Record<string, unknown>> = schema.shape;
    const dot = rest.indexOf('.');
    const name = dot < 0 ? rest : rest.slice(0, dot);
    if (!Object.hasOwn(shape, name)) return undefined;
    if (dot < 0) return { path: [name], schema: asType(shape[name]) };
    const inner = find(shape[name], rest.slice(dot + 1));
    return inner && { ...inner, path: [name, ...inner.path] };
  }
  return schema instanceof z.ZodRecord ? findInRecord(schema, rest) : undefined;
}

/** The longest name for which what follows is something inside of the value. */
function findInRecord(schema: z.ZodRecord, rest: string): Found | undefined {
  const isName = (name: string) => asType(schema.keyType).safeParse(name).success;
  for (let dot = rest.lastIndexOf('.'); dot > 0; dot = rest.lastIndexOf('.', dot - 1)) {
    const inner = find(schema.valueType, rest.slice(dot + 1));
    if (inner && isName(rest.slice(0, dot))) return { ...inner, path: [rest.slice(0, dot), ...inner.path] };
  }
  // What follows a dot would else be taken for a part of the name, and a misspelt member go unnoticed.
  const isWhole = !rest.includes('.') || !(unwrap(schema.valueType) instanceof z.ZodObject);
  return isWhole && isName(rest) ? { path: [rest], schema: asType(schema.valueType) } : undefined;
}

function keysOf(raw: unknown, before: string): string[] {
  const schema = unwrap(raw);
  if (schema instanceof z.ZodObject) {
    const shape: Readonly<Record<string, unknown>> = schema.shape;
    return Object.entries(shape).flatMap(([name, inner]) =>
      keysOf(inner, before === '' ? name : `${before}.${name}`),
    );
  }
  return schema instanceof z.ZodRecord ? keysOf(schema.valueType, `${before}.${CHOSEN}`) : [before];
}

/** What a setting is behind "may be left out" and behind short forms. */
function unwrap(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return unwrap(schema.unwrap());
  return schema instanceof z.ZodPipe ? unwrap(schema.out) : schema;
}

function asType(schema: unknown): z.ZodType {
  if (schema instanceof z.ZodType) return schema;
  throw new TypeError('the schema of the configuration is made of schemas');
}

function schemaOf(location: Location): z.ZodType {
  return location === 'project' ? projectConfigSchema : userConfigSchema;
}

function unknownSetting(key: string): PrompdError {
  const known = settingKeys();
  const near = suggest(
    key,
    known.filter(name => !name.includes(CHOSEN)),
  );
  const isSecret = key.split('.').some(isSecretWord);
  return new PrompdError('ECONFIG', `There is no setting "${key.slice(0, 200)}".`, {
    facts: { key: key.slice(0, 200), known },
    hint: isSecret
      ? 'Credentials do not belong in a configuration file: run "prompd login --token <token>".'
      : near === undefined
        ? undefined
        : `Did you mean "${near}"?`,
  });
}

function jsonOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
