import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { DEFAULT_ALIAS, type Origin } from '../../config/config.js';
import { editConfigText } from '../../config/edit.js';
import {
  DEFAULT_SETTINGS,
  loadConfig,
  readLayers,
  SETTING_VARIABLES,
  userConfigFile,
} from '../../config/load.js';
import { findProjectFile, PROJECT_FILE } from '../../config/project-file.js';
import { checkConfigText, parseConfigJson, readConfigFile, readConfigText } from '../../config/read.js';
import {
  type Location,
  parseSettingKey,
  parseSettingValue,
  type SettingKey,
  settingsIn,
} from '../../config/setting-key.js';
import { PrompdError } from '../../core/errors.js';
import { compareText } from '../../core/package-key.js';
import { redact } from '../../core/redact.js';
import { exclusively } from '../../store/index.js';
import type { Context } from '../context.js';
import { openProject } from '../project/project.js';

/** A setting that has a value. */
export interface Setting {
  readonly key: string;
  /** JSON; credentials that somebody wrote into a text are left out. */
  readonly value: unknown;
  readonly origin: Origin;
  /** The flag, variable or file that says it; undefined for a default. */
  readonly source: string | undefined;
}

export interface ConfigOptions {
  /** Which file; for `get` and `list` all layers together when it is undefined. */
  readonly location?: Location | undefined;
  /** What `--registry` said. */
  readonly registry?: string | undefined;
}

/**
 * Every setting that has a value, with where it comes from; sorted.
 * @throws PrompdError ECONFIG, ECONFIGSECRET
 */
export async function listSettings(context: Context, options: ConfigOptions = {}): Promise<Setting[]> {
  const found = new Map<string, Setting & { readonly path: readonly string[] }>();
  const add = (path: readonly string[], rest: Omit<Setting, 'key'>) => {
    const key = path.join('.');
    found.set(key, { key, path, ...rest, value: withoutSecrets(path, rest.value) });
  };
  const addAll = (values: object, origin: Origin, source: string | undefined) => {
    for (const { path, value } of settingsIn(values)) add(path, { value, origin, source });
  };
  if (options.location !== undefined) {
    const file = await fileOf(context, options.location);
    addAll((await readConfigFile(file, options.location)) ?? {}, options.location, file);
    return sorted(found.values());
  }
  const input = { cwd: context.cwd, env: context.env, flags: { registry: options.registry } };
  const config = await loadConfig(input);
  const { user, project } = await readLayers(input);
  addAll(DEFAULT_SETTINGS, 'default', undefined);
  for (const layer of [user, project]) if (layer) addAll(layer.values, layer.origin, layer.file);
  for (const [key, variable] of Object.entries(SETTING_VARIABLES)) {
    const value = context.env[variable];
    if (value) add(key.split('.'), { value: redact(value), origin: 'environment', source: variable });
  }
  if (options.registry) add(['registry'], { value: options.registry, origin: 'flag', source: '--registry' });
  // An alias stands for its address, and an address that the user has as well stays the user's.
  const registry = config.registries.get(DEFAULT_ALIAS);
  const shown = found.get('registry');
  if (registry && shown) found.set('registry', { ...shown, value: registry.url });
  return sorted(found.values());
}

/**
 * One setting, or all below a key as one object.
 * @returns undefined when nothing is set there
 * @throws PrompdError ECONFIG, ECONFIGSECRET; ECONFIG with a suggestion for what is no setting
 */
export async function getSetting(
  context: Context,
  key: string,
  options: ConfigOptions = {},
): Promise<Setting | undefined> {
  parseSettingKey(key);
  const all = await listSettings(context, options);
  const exact = all.find(setting => setting.key === key);
  if (exact) return exact;
  const below = all.filter(setting => setting.key.startsWith(`${key}.`));
  const [first] = below;
  if (!first) return undefined;
  const value = {};
  for (const setting of below) {
    put(value, parseSettingKey(setting.key).path.slice(parseSettingKey(key).path.length), setting.value);
  }
  return { key, value, origin: first.origin, source: first.source };
}

export interface SettingChange {
  readonly key: string;
  /** Absolute path of the file. */
  readonly file: string;
  /** Whether the file was written. */
  readonly changed: boolean;
}

/**
 * Writes a setting into a file. The whole file, and all layers together, are checked before anything is written.
 * @param typed text, or JSON for what is no text
 * @throws PrompdError ECONFIG, ECONFIGSECRET, ELOCKED
 */
export async function setSetting(
  context: Context,
  { key, typed }: { key: string; typed: string },
  options: ConfigOptions = {},
): Promise<SettingChange> {
  const { location = 'user' } = options;
  const setting = parseSettingKey(key, location);
  const value = parseSettingValue(setting, typed);
  return change(context, { setting, value, location });
}

/**
 * Takes a setting out of a file, also one that is no setting: that is how a misspelt one goes.
 * @throws PrompdError ECONFIG, ECONFIGSECRET, ELOCKED
 */
export async function deleteSetting(
  context: Context,
  key: string,
  options: ConfigOptions = {},
): Promise<SettingChange> {
  const { location = 'user' } = options;
  const file = await fileOf(context, location);
  const text = await readConfigText(file);
  const raw = text === undefined ? undefined : parseConfigJson(text, file);
  const isThere = typeof raw === 'object' && raw !== null && Object.hasOwn(raw, key);
  const path = isThere ? [key] : parseSettingKey(key, location).path;
  return change(context, { setting: { key, path }, value: undefined, location });
}

/**
 * Writes a whole member of the user's file, or takes it out, as commands do that manage a part of it.
 * @param value checked JSON; undefined takes it out
 * @throws PrompdError ECONFIG, ELOCKED
 */
export async function changeUserSetting(
  context: Context,
  path: readonly string[],
  value: unknown,
): Promise<SettingChange> {
  return change(context, { setting: { key: path.join('.'), path }, value, location: 'user' });
}

async function change(
  context: Context,
  {
    setting,
    value,
    location,
  }: { setting: Pick<SettingKey, 'key' | 'path'>; value: unknown; location: Location },
): Promise<SettingChange> {
  const file = await fileOf(context, location);
  const { home } = context.config;
  await mkdir(path.dirname(file), { recursive: true });
  return exclusively({ home, subject: file, waitMs: 10_000 }, async () => {
    const before = await readConfigText(file);
    if (before !== undefined) parseConfigJson(before, file);
    const after = editConfigText(before, setting.path, value);
    if (after === before || (before === undefined && value === undefined))
      return { key: setting.key, file, changed: false };
    if (value !== undefined)
      await checkConfigText(editConfigText(undefined, setting.path, value), file, location);
    await checkWhole(context, { file, location, after });
    const { default: writeFileAtomic } = await import('write-file-atomic');
    await writeFileAtomic(file, after);
    return { key: setting.key, file, changed: true };
  });
}

/** What was broken before may stay so, that it can be mended one setting after the other. */
async function checkWhole(
  context: Context,
  { file, location, after }: { file: string; location: Location; after: string },
): Promise<void> {
  const { cwd, env } = context;
  // A variable may hide here what the next command, which runs without it, could not use.
  const hidden = new Set(Object.values(SETTING_VARIABLES));
  const bare = Object.fromEntries(Object.entries(env).filter(([name]) => !hidden.has(name)));
  let still: string | undefined;
  for (const input of [
    { cwd, env, flags: {} },
    { cwd, env: bare, flags: {} },
  ]) {
    try {
      const values = await checkConfigText(after, file, location);
      await loadConfig({ ...input, draft: { origin: location, file, values } });
    } catch (error) {
      if (!(error instanceof PrompdError)) throw error;
      const wasBroken = await loadConfig(input).then(
        () => false,
        () => true,
      );
      if (!wasBroken) throw error;
      still ??= `The configuration still cannot be used: ${error.message}`;
    }
  }
  if (still !== undefined) context.progress.warn(still);
}

async function fileOf(context: Context, location: Location): Promise<string> {
  if (location === 'user') return userConfigFile(context.env, context.cwd);
  return (await findProjectFile(context.cwd)) ?? path.join((await openProject(context)).dir, PROJECT_FILE);
}

function sorted(settings: Iterable<Setting & { readonly path: readonly string[] }>): Setting[] {
  return [...settings]
    .map(({ path: _path, ...setting }) => setting)
    .sort((a, b) => compareText(a.key, b.key));
}

/** Headers for providers are meant to hold no credentials, and the one place where somebody may put some all the same. */
function withoutSecrets(path: readonly string[], value: unknown): unknown {
  if (path.includes('headers')) return '***';
  if (typeof value === 'string') return redact(value);
  return Array.isArray(value) ? value.map(item => withoutSecrets(path, item)) : value;
}

function put(target: object, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    Reflect.set(target, name, value);
    return;
  }
  const inner: unknown = Object.hasOwn(target, name) ? Reflect.get(target, name) : {};
  if (typeof inner !== 'object' || inner === null) return;
  Reflect.set(target, name, inner);
  put(inner, rest, value);
}
