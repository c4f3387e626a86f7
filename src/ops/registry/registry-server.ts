import { access } from 'node:fs/promises';
import path from 'node:path';
import { DEFAULT_PORT } from '../../config/config.js';
import { ERROR_TABLE, type ErrorCode } from '../../core/error-table.js';
import { type Facts, PrompdError } from '../../core/errors.js';
import { systemCode } from '../../core/system-code.js';
import type { Context } from '../context.js';

/** What is used of `@prompd/registry-server`, which is a package of its own so that the CLI installs without it. */
interface ServerModule {
  startRegistry(
    options: ServerOptions & {
      dataDir: string;
      port: number;
      host: string;
      uplinks: unknown;
      models: unknown;
    },
  ): Promise<{ url: string; close(): Promise<void> }>;
  /** What the operator set in the environment; it goes to `startRegistry` as it is. */
  readEnvironment(env: Context['env']): { options: ServerOptions };
  /** Reads the operator's file of uplinks; what comes of it goes to `startRegistry` as it is. */
  readUplinks(file: string, env: Context['env']): Promise<unknown>;
  /** Reads the operator's file of models; what comes of it goes to `startRegistry` as it is. */
  readModels(file: string, env: Context['env']): Promise<unknown>;
  createToken(options: {
    dataDir: string;
    databaseUrl: string | undefined;
    name: string;
    user?: string | undefined;
    scopes: readonly TokenScope[];
  }): Promise<{ token: string }>;
  migrateRegistry(place: DatabasePlace): Promise<{ user: string | undefined; migrations: readonly string[] }>;
  archiveAudit(
    options: DatabasePlace & {
      logKey: string | undefined;
      chain: string;
      before: Date;
      file: string;
      now: () => Date;
    },
  ): Promise<{ rows: number; seq: number; hash: string; sha256: string }>;
  backupRegistry(place: BackupPlace): Promise<BackupReport>;
  restoreRegistry(place: BackupPlace): Promise<BackupReport>;
  listSigningKeys(place: KeyPlace): Promise<readonly StoredKey[]>;
  rotateSigningKey(place: KeyPlace): Promise<StoredKey>;
  expireSigningKey(place: KeyPlace & { keyid: string; at: Date | undefined }): Promise<StoredKey>;
}

interface DatabasePlace {
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  /** Of who owns the tables. */
  readonly migrationUrl: string | undefined;
}

interface BackupPlace extends ServerOptions {
  readonly dataDir: string;
  readonly file: string;
}

interface BackupReport {
  readonly createdAt: Date;
  readonly tables: number;
  readonly rows: number;
  readonly archives: number;
  readonly keys: number;
  readonly bytes: number;
}

interface ServerOptions {
  readonly databaseUrl?: string | undefined;
  readonly adminToken?: string | undefined;
}

interface KeyPlace {
  dataDir: string;
  databaseUrl: string | undefined;
  signingKey: string | undefined;
}

/** A key that a registry signs with, as its server gives it. */
export interface StoredKey {
  readonly keyid: string;
  /** Base64 of its SubjectPublicKeyInfo in DER. */
  readonly publicKey: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}

const SERVER_PACKAGE = '@prompd/registry-server';

export const TOKEN_SCOPES = ['read', 'publish', 'admin'] as const;
export type TokenScope = (typeof TOKEN_SCOPES)[number];

export interface RegistryStartOptions {
  /** 0 takes a free one. */
  readonly port?: number | undefined;
  readonly host?: string | undefined;
  /** Folder of the data, relative to the folder that the user works in. */
  readonly data?: string | undefined;
  /** File of the uplinks, relative to the folder that the user works in. */
  readonly uplinks?: string | undefined;
  /** File of the models that the registry may ask, relative to the folder that the user works in. */
  readonly models?: string | undefined;
}

export interface StartedRegistry {
  readonly url: string;
  readonly dataDir: string;
  /** Resolves when the registry has stopped, which it does when the user interrupts. */
  readonly stopped: Promise<void>;
}

/**
 * Starts the bundled registry and lets it run until the user interrupts.
 * @throws PrompdError ENOSERVER when it is not installed; EUSAGE for a port that there is not; ELOCKED, ECONFIG, EIO
 */
export async function startRegistryServer(
  context: Context,
  { port = DEFAULT_PORT, host = '127.0.0.1', data, uplinks: named, models: listed }: RegistryStartOptions,
): Promise<StartedRegistry> {
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new PrompdError('EUSAGE', '--port takes a number from 0 to 65535.', {
      facts: { found: String(port) },
    });
  }
  const dataDir = dataFolder(context, data);
  const isNew = !(await exists(dataDir));
  const server = await loadServer();
  const options = serverOptions(server, context);
  const file = named ?? (context.env['PROMPD_UPLINKS'] || undefined);
  const uplinks =
    file === undefined
      ? undefined
      : await server.readUplinks(path.resolve(context.cwd, file), context.env).catch(rethrow);
  const modelsFile = listed ?? (context.env['PROMPD_MODELS'] || undefined);
  const models =
    modelsFile === undefined
      ? undefined
      : await server.readModels(path.resolve(context.cwd, modelsFile), context.env).catch(rethrow);
  const running = await server
    .startRegistry({ ...options, dataDir, port, host, uplinks, models })
    .catch(rethrow);
  if (!isLoopback(host)) {
    context.progress.warn(
      `The registry can be reached from other machines, and speaks plain HTTP: put a proxy with TLS before it, as tokens travel with the requests.`,
    );
  }
  if (isNew && !options.databaseUrl && !options.adminToken) {
    context.progress.info(
      `Nobody can publish yet. Stop the registry, run "prompd registry token create --name me --scopes publish --data ${shellWord(dataDir)}", and start it again; or start it with PROMPD_ADMIN_TOKEN set.`,
    );
  }
  return { url: running.url, dataDir, stopped: context.interrupted().then(() => running.close()) };
}

/** The command has a port, a host and a folder by itself: other programs than the server on its own read `PORT` and `HOST`, too. */
function serverOptions(server: ServerModule, { env }: Context): ServerOptions {
  const { PORT: _port, HOST: _host, PROMPD_DATA: _data, ...rest } = env;
  try {
    return server.readEnvironment(rest).options;
  } catch (error) {
    return rethrow(error);
  }
}

export interface TokenCreateOptions {
  readonly name: string;
  /** Whose it is; the name by default. */
  readonly user?: string | undefined;
  /** Comma-separated. */
  readonly scopes: string;
  readonly data?: string | undefined;
}

export interface CreatedToken {
  /** Shown once: the registry keeps its hash only. */
  readonly token: string;
  readonly name: string;
  readonly user: string;
  readonly scopes: readonly TokenScope[];
}

/**
 * Makes a token in the data of a registry that is not running, or that runs on PostgreSQL.
 * @throws PrompdError EUSAGE for an unknown scope; ENOSERVER; ELOCKED while a registry uses the embedded database
 */
export async function createRegistryToken(
  context: Context,
  { name, user = name, scopes: list, data }: TokenCreateOptions,
): Promise<CreatedToken> {
  const scopes = parseTokenScopes(list);
  if (name.trim() === '' || name.length > 100) {
    throw new PrompdError('EUSAGE', '--name takes a name of at most 100 characters.', {
      facts: { found: name },
    });
  }
  const server = await loadServer();
  const { token } = await server
    .createToken({
      dataDir: dataFolder(context, data),
      databaseUrl: context.env['DATABASE_URL'] || undefined,
      name,
      user,
      scopes,
    })
    .catch(rethrow);
  return { token, name, user, scopes };
}

/** @param list comma-separated. @throws PrompdError EUSAGE for what is none */
export function parseTokenScopes(list: string): TokenScope[] {
  const words = list.split(',').map(word => word.trim());
  const scopes = TOKEN_SCOPES.filter(scope => words.includes(scope));
  const unknown = words.filter(word => !TOKEN_SCOPES.some(scope => scope === word));
  if (unknown.length === 0) return scopes;
  throw new PrompdError('EUSAGE', `"${unknown.join(', ')}" is not a scope of tokens.`, {
    facts: { found: unknown, scopes: TOKEN_SCOPES },
    hint: 'Write one or more of read, publish and admin, as in "--scopes read,publish".',
  });
}

/** The folder of a registry's data. @param data as typed */
export function dataFolder({ cwd, config, env }: Context, data: string | undefined): string {
  const named = data ?? (env['PROMPD_DATA'] || undefined);
  return named === undefined ? path.join(config.home, 'registry') : path.resolve(cwd, named);
}

/** The bundled server. @throws PrompdError ENOSERVER */
export async function loadServer(): Promise<ServerModule> {
  let loaded: unknown;
  try {
    loaded = await import(SERVER_PACKAGE);
  } catch (cause) {
    if (systemCode(cause) !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new PrompdError('ENOSERVER', 'The bundled registry is not installed beside the CLI.', {
      facts: { package: SERVER_PACKAGE },
      hint: `Install it where prompd is installed: "npm install ${SERVER_PACKAGE}", with -g if prompd was.`,
      cause,
    });
  }
  if (isServer(loaded)) return loaded;
  throw new PrompdError('ENOSERVER', 'The bundled registry is of another version than the CLI.', {
    facts: { package: SERVER_PACKAGE },
    hint: 'Install the same version of both.',
  });
}

function isServer(loaded: unknown): loaded is ServerModule {
  return (
    typeof loaded === 'object' &&
    loaded !== null &&
    'startRegistry' in loaded &&
    typeof loaded.startRegistry === 'function' &&
    'createToken' in loaded &&
    typeof loaded.createToken === 'function' &&
    'rotateSigningKey' in loaded &&
    typeof loaded.rotateSigningKey === 'function' &&
    'readUplinks' in loaded &&
    typeof loaded.readUplinks === 'function' &&
    'readEnvironment' in loaded &&
    typeof loaded.readEnvironment === 'function' &&
    'archiveAudit' in loaded &&
    typeof loaded.archiveAudit === 'function' &&
    'backupRegistry' in loaded &&
    typeof loaded.backupRegistry === 'function'
  );
}

/** The server may have been installed with a `prompd` of its own, whose errors are another class. */
export function rethrow(error: unknown): never {
  if (error instanceof PrompdError || !(error instanceof Error) || error.name !== 'PrompdError') throw error;
  const code = 'code' in error ? error.code : undefined;
  if (!isErrorCode(code)) throw error;
  const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined;
  throw new PrompdError(code, error.message, { facts: plainFacts(error), hint, cause: error });
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERROR_TABLE, code);
}

function plainFacts(error: Error): Facts {
  if (!('facts' in error) || typeof error.facts !== 'object' || error.facts === null) return {};
  const plain = Object.entries(error.facts).map(([name, fact]) => [name, String(fact)]);
  return Object.fromEntries(plain);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\./.test(host);
}

function shellWord(word: string): string {
  return /^[\w./~-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
