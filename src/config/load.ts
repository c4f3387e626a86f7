import path from 'node:path';
import { AUDIT_LEVELS } from '../core/audit-severity.js';
import { PrompdError } from '../core/errors.js';
import { suggest } from '../core/suggest.js';
import {
  type Config,
  DEFAULT_ALIAS,
  DEFAULT_PORT,
  type Origin,
  type RegistryConfig,
  type ResolutionConfig,
} from './config.js';
import { prompdHome } from './home.js';
import { DEFAULT_MODEL_POLICY, modelPolicyOf } from './model-requirement.js';
import { absoluteFile, DEFAULT_NETWORK, NETWORK_VARIABLES, networkOf } from './network.js';
import { findProjectFile } from './project-file.js';
import { providersOf } from './providers.js';
import { readConfigFile } from './read.js';
import { parseRegistryUrl } from './registry-url.js';
import { DEFAULT_RESOLUTION, ENVIRONMENT, readResolution, resolutionVariables } from './resolution.js';
import type { ConfigFile } from './schema.js';
import { assertKnownAliases, type SignatureRules, signersOf } from './signatures.js';
import { DEFAULT_TRANSPARENCY, transparencyOf } from './transparency.js';

export interface ConfigInput {
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags: { readonly registry?: string | undefined };
  /** What a file is to become, to see whether everything still fits together. */
  readonly draft?: Layer | undefined;
  /** false: as if there were no files, for commands that mend them. */
  readonly files?: boolean;
}

/** A file that was read, with the layer it stands for. */
export interface Layer {
  readonly origin: Extract<Origin, 'project' | 'user'>;
  readonly file: string;
  readonly values: ConfigFile;
}

const DEFAULT_URL = `http://127.0.0.1:${DEFAULT_PORT}/`;

/**
 * Puts the configuration together: flag, `PROMPD_*` variable, project `.prompdrc.json`, user `config.json`, default,
 * the first that says something wins.
 * @throws PrompdError ECONFIG, ECONFIGSECRET
 */
export async function loadConfig(input: ConfigInput): Promise<Config> {
  const { cwd, env, flags } = input;
  const home = homeOf(env['PROMPD_HOME'], cwd);
  const { user, project } = await readLayers(input);
  const layers = [project, user].filter(layer => layer !== undefined);
  const registries = registriesOf(layers, { env, flags, cwd });
  return {
    home,
    registries,
    scopes: bindingsOf('scopes', layers, registries),
    packages: bindingsOf('packages', layers, registries),
    publishScope: project?.values.scope ?? user?.values.scope,
    providers: providersOf(user?.values.providers, user?.file ?? ''),
    provider: env['PROMPD_PROVIDER'] || (project?.values.provider ?? user?.values.provider),
    credentialStore: user?.values.credentialStore ?? 'file',
    network: networkOf({ cwd, env, user, project }),
    resolution: resolutionOf(layers, env),
    signatures: signaturesOf(layers, registries),
    signers: signersOf(user?.values.signers, project?.values.signers),
    auditLevel: auditLevelOf(layers, env),
    transparency: transparencyOf(env['PROMPD_TRANSPARENCY'], {
      project: project && { file: project.file, value: project.values.transparency },
      user: user && { file: user.file, value: user.values.transparency },
    }),
    modelPolicy: modelPolicyOf(env['PROMPD_MODELS_REQUIRE'], {
      project: project?.values.models?.require,
      user: user?.values.models?.require,
    }),
  };
}

/**
 * What the files say.
 * @throws PrompdError ECONFIG, ECONFIGSECRET
 */
export async function readLayers({
  cwd,
  env,
  draft,
  files = true,
}: Omit<ConfigInput, 'flags'>): Promise<{ user: Layer | undefined; project: Layer | undefined }> {
  if (!files) return { user: undefined, project: undefined };
  const drafted = (origin: Layer['origin']) => (draft?.origin === origin ? draft : undefined);
  return {
    user: drafted('user') ?? (await readLayer('user', userConfigFile(env, cwd))),
    project: drafted('project') ?? (await readLayer('project', await findProjectFile(cwd))),
  };
}

/** What is set where nobody says anything, in the form of a file. */
export const DEFAULT_SETTINGS = {
  registry: DEFAULT_URL,
  credentialStore: 'file',
  network: {
    concurrency: DEFAULT_NETWORK.concurrency,
    timeoutMs: DEFAULT_NETWORK.timeoutMs,
    retries: DEFAULT_NETWORK.retries,
    maxArchiveBytes: DEFAULT_NETWORK.maxArchiveBytes,
  },
  resolution: DEFAULT_RESOLUTION.strategy,
  conflicts: DEFAULT_RESOLUTION.conflicts,
  transparency: DEFAULT_TRANSPARENCY,
  models: { require: DEFAULT_MODEL_POLICY },
} as const satisfies ConfigFile;

/** The variable that a setting can also come from, where there is one. */
export const SETTING_VARIABLES: Readonly<Record<string, string>> = {
  registry: 'PROMPD_REGISTRY',
  provider: 'PROMPD_PROVIDER',
  auditLevel: 'PROMPD_AUDIT_LEVEL',
  transparency: 'PROMPD_TRANSPARENCY',
  'models.require': 'PROMPD_MODELS_REQUIRE',
  resolution: 'PROMPD_RESOLUTION',
  conflicts: 'PROMPD_CONFLICTS',
  before: 'PROMPD_BEFORE',
  'minimumReleaseAge.age': 'PROMPD_MINIMUM_RELEASE_AGE',
  'minimumReleaseAge.exclude': 'PROMPD_MINIMUM_RELEASE_AGE_EXCLUDE',
  ...Object.fromEntries(
    Object.entries(NETWORK_VARIABLES).map(([key, variable]) => [`network.${key}`, variable]),
  ),
};

/** The user's own configuration file. */
export function userConfigFile(env: ConfigInput['env'], cwd: string): string {
  return path.join(homeOf(env['PROMPD_HOME'], cwd), 'config.json');
}

async function readLayer(origin: Layer['origin'], file: string | undefined): Promise<Layer | undefined> {
  const values = file === undefined ? undefined : await readConfigFile(file, origin);
  return file === undefined || values === undefined ? undefined : { origin, file, values };
}

function registriesOf(
  layers: readonly Layer[],
  { env, flags, cwd }: Pick<ConfigInput, 'env' | 'flags' | 'cwd'>,
): Map<string, RegistryConfig> {
  const registries = new Map<string, RegistryConfig>();
  // Weakest first, so that stronger layers overwrite. An address that the user's layer has too stays the user's.
  for (const { origin, file, values } of [...layers].reverse()) {
    for (const [alias, settings] of Object.entries(values.registries ?? {})) {
      const { url: raw, protocol, publicKey } = settings;
      if (alias === DEFAULT_ALIAS) {
        throw new PrompdError('ECONFIG', `${file}: "registries.default" is not a setting.`, {
          facts: { file, key: 'registries.default' },
          hint: `Write it as "registry": "${raw.slice(0, 200)}".`,
        });
      }
      const url = parseRegistryUrl(raw, { file, key: `registries.${alias}` });
      const known = registries.get(alias);
      const keyed = { publicKey, publicKeyOrigin: publicKey === undefined ? undefined : origin };
      const clientCertificate = clientCertificateOf(settings, path.dirname(file));
      if (known?.url !== url)
        registries.set(alias, { alias, url, origin, protocol, ...keyed, clientCertificate });
      // A checkout may say what the user has not said; it does not change whom the user trusts.
      else
        registries.set(alias, {
          ...known,
          protocol: known.protocol ?? protocol,
          ...(known.publicKey === undefined ? keyed : {}),
        });
    }
  }
  registries.set(DEFAULT_ALIAS, defaultRegistry(layers, registries, { env, flags, cwd }));
  return registries;
}

function defaultRegistry(
  layers: readonly Layer[],
  named: ReadonlyMap<string, RegistryConfig>,
  { env, flags, cwd }: Pick<ConfigInput, 'env' | 'flags' | 'cwd'>,
): RegistryConfig {
  const typed: [Origin, string, string | undefined][] = [
    ['flag', '--registry', flags.registry],
    ['environment', 'PROMPD_REGISTRY', env['PROMPD_REGISTRY']],
  ];
  for (const [origin, file, value] of typed) {
    if (value === undefined || value === '') continue;
    const alias = named.get(value);
    if (alias !== undefined) return withVariables({ ...alias, alias: DEFAULT_ALIAS }, { env, cwd });
    return withVariables(byAddress(named, parseRegistryUrl(value, { file }), origin), { env, cwd });
  }
  let chosen = byAddress(named, DEFAULT_URL, 'default');
  for (const { origin, file, values } of [...layers].reverse()) {
    if (values.registry === undefined) continue;
    const url = parseRegistryUrl(values.registry, { file, key: 'registry' });
    if (url !== chosen.url) chosen = byAddress(named, url, origin);
  }
  return withVariables(chosen, { env, cwd });
}

/** As `PROMPD_TOKEN`, the certificate in the variables belongs to the registry that the user chose, not a checkout. */
function withVariables(
  registry: RegistryConfig,
  { env, cwd }: Pick<ConfigInput, 'env' | 'cwd'>,
): RegistryConfig {
  const certFile = env['PROMPD_CERT_FILE'] || undefined;
  if (certFile === undefined || registry.origin === 'project') return registry;
  const keyFile = env['PROMPD_KEY_FILE'] || undefined;
  return { ...registry, clientCertificate: clientCertificateOf({ certFile, keyFile }, cwd) };
}

/** One file may hold both. @param base folder that the paths are relative to */
function clientCertificateOf(
  { certFile, keyFile = certFile }: { certFile?: string | undefined; keyFile?: string | undefined },
  base: string,
): RegistryConfig['clientCertificate'] {
  if (certFile === undefined || keyFile === undefined) return undefined;
  return { certFile: absoluteFile(certFile, base), keyFile: absoluteFile(keyFile, base) };
}

/** The default registry, which speaks what is said of its address under another alias. */
function byAddress(named: ReadonlyMap<string, RegistryConfig>, url: string, origin: Origin): RegistryConfig {
  const same = [...named.values()].find(registry => registry.url === url);
  const { protocol, publicKey, publicKeyOrigin, clientCertificate } = same ?? {};
  return { alias: DEFAULT_ALIAS, url, origin, protocol, publicKey, publicKeyOrigin, clientCertificate };
}

/** Scopes or packages, each to the alias of the registry that it comes from. */
function bindingsOf(
  key: 'scopes' | 'packages',
  layers: readonly Layer[],
  registries: ReadonlyMap<string, RegistryConfig>,
): Map<string, string> {
  const bindings = new Map<string, string>();
  for (const { file, values } of [...layers].reverse()) {
    for (const [name, alias] of Object.entries(values[key] ?? {})) {
      const place = { file, key: `${key}.${name}`, known: [...registries.keys()] };
      if (!registries.has(alias)) throw unknownAlias(alias, place);
      bindings.set(name, alias);
    }
  }
  return bindings;
}

function unknownAlias(
  alias: string,
  { file, key, known }: { file: string; key: string; known: readonly string[] },
): PrompdError {
  const near = suggest(alias, known);
  return new PrompdError('ECONFIG', `${file}: "${key}" names the registry "${alias}", which there is not.`, {
    facts: { file, key, found: alias, known },
    hint:
      near === undefined
        ? `Add it, as in "registries": {"${alias}": {"url": "https://registry.example.com"}}.`
        : `Did you mean "${near}"?`,
  });
}

/** Flags come on top of this, in the operation. */
function resolutionOf(layers: readonly Layer[], env: ConfigInput['env']): ResolutionConfig {
  const files = [...layers]
    .reverse()
    .map(({ file, values }) =>
      readResolution(values, { code: 'ECONFIG', nameOf: key => `${file}: "${key}"` }),
    );
  return Object.assign(
    {},
    DEFAULT_RESOLUTION,
    ...files,
    readResolution(resolutionVariables(env), ENVIRONMENT),
  );
}

function signaturesOf(
  layers: readonly Layer[],
  registries: ReadonlyMap<string, RegistryConfig>,
): readonly SignatureRules[] {
  return layers.flatMap(({ file, values: { signatures } }) => {
    if (signatures !== undefined) assertKnownAliases(signatures, registries.keys(), file);
    return signatures ?? [];
  });
}

/** The flag comes on top of this, in the operation. */
function auditLevelOf(layers: readonly Layer[], env: ConfigInput['env']): Config['auditLevel'] {
  const raw = env['PROMPD_AUDIT_LEVEL'];
  if (raw) {
    const level = AUDIT_LEVELS.find(known => known === raw);
    if (level) return { level, origin: 'environment' };
    throw new PrompdError('ECONFIG', `PROMPD_AUDIT_LEVEL is "${raw.slice(0, 40)}", which is no severity.`, {
      facts: { variable: 'PROMPD_AUDIT_LEVEL', found: raw.slice(0, 40), known: AUDIT_LEVELS },
    });
  }
  for (const { origin, values } of layers)
    if (values.auditLevel !== undefined) return { level: values.auditLevel, origin };
  return undefined;
}

function homeOf(home: string | undefined, cwd: string): string {
  try {
    return prompdHome(home, cwd);
  } catch (error) {
    throw new PrompdError('ECONFIG', 'The system knows no home folder of this user.', {
      hint: 'Set PROMPD_HOME to the folder that prompd shall keep its packages in.',
      cause: error,
    });
  }
}
