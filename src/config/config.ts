import type { AuditLevel } from '../core/audit-severity.js';
import type { ModelPolicy } from '../core/model-policy.js';
import type { ScopeSigners, SignatureRules } from './signatures.js';
import type { Transparency } from './transparency.js';

/** Which layer a value came from, strongest first. */
export type Origin = 'flag' | 'environment' | 'project' | 'user' | 'default';

export interface RegistryConfig {
  /** The name in the configuration and in the lockfile; `default` is the one used where no scope says otherwise. */
  readonly alias: string;
  /** Absolute, ends in `/`, holds no credentials. */
  readonly url: string;
  readonly origin: Origin;
  /** What it speaks; undefined when it is to be asked. */
  readonly protocol: Protocol | undefined;
  /** The key that a registry of files must be signed with, in base64; undefined trusts the first that is seen. */
  readonly publicKey: string | undefined;
  /** Who named the key: that of a project does not replace one that was seen before. */
  readonly publicKeyOrigin: Extract<Origin, 'project' | 'user'> | undefined;
  /** Shown to a registry that asks who connects. Only a user's own configuration or a variable names it. */
  readonly clientCertificate: ClientCertificate | undefined;
}

/** Absolute paths of PEM files; one may hold both. */
export interface ClientCertificate {
  readonly certFile: string;
  readonly keyFile: string;
}

/** What registries speak: prompd's own protocol, npm's, or nothing, as those that are signed files. */
export const PROTOCOLS = ['prompd', 'npm', 'static'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** All layers put together: flag, `PROMPD_*`, project `.prompdrc.json`, user `config.json`, built-in default. */
export interface Config {
  /** Absolute path of `~/.prompd` or `$PROMPD_HOME`. */
  readonly home: string;
  /** By alias; always has `default`. */
  readonly registries: ReadonlyMap<string, RegistryConfig>;
  /** `@scope` to the alias of the registry that all its packages come from. */
  readonly scopes: ReadonlyMap<string, string>;
  /** Names of packages, to the alias of the registry that each comes from; stronger than `scopes`. */
  readonly packages: ReadonlyMap<string, string>;
  /** `@scope` given to a loose file when it is published. */
  readonly publishScope: string | undefined;
  /** Endpoints that answer prompts, by name: built in, or defined by the user; never by a project. */
  readonly providers: ReadonlyMap<string, ProviderConfig>;
  /** Name of the provider that is asked where neither a flag nor the prompt names one. */
  readonly provider: string | undefined;
  readonly credentialStore: 'file' | 'keychain';
  readonly network: NetworkConfig;
  readonly resolution: ResolutionConfig;
  /** Which packages need signatures of their registries: a layer each, of which the strictest counts. */
  readonly signatures: readonly SignatureRules[];
  /** `@scope` to the authors whose signatures count. */
  readonly signers: ReadonlyMap<string, ScopeSigners>;
  /** Whether what is installed must stand in the transparency log of its registry. */
  readonly transparency: Transparency;
  /** What is done about prompts that were not found to work with the model that they are installed for. */
  readonly modelPolicy: ModelPolicy;
  /** From which severity on findings fail; undefined where nobody says it. */
  readonly auditLevel: { readonly level: AuditLevel; readonly origin: Origin } | undefined;
}

/** How versions are chosen. Described in docs/resolver.md. */
export interface ResolutionConfig {
  /** Which of the versions that fit is tried first. */
  readonly strategy: 'highest' | 'lowest' | 'lowest-direct';
  /** What to do where ranges clash: a version for each dependant, or fail. */
  readonly conflicts: 'isolate' | 'error';
  /** Nothing published after this moment is chosen anew. */
  readonly before: Date | undefined;
  /** Nothing younger than this is chosen anew, in milliseconds; 0 for no such rule. */
  readonly minimumReleaseAgeMs: number;
  /** Names (`@acme/tone`), scopes (`@acme`) and patterns (`@acme/*`) that may be as new as they like. */
  readonly minimumReleaseAgeExclude: readonly string[];
}

export interface NetworkConfig {
  /** Requests under way at once. */
  readonly concurrency: number;
  /** Longest silence on a connection, in milliseconds. */
  readonly timeoutMs: number;
  /** How often a failed request that is safe to repeat is sent again. */
  readonly retries: number;
  /** Largest archive that is downloaded, in bytes. */
  readonly maxArchiveBytes: number;
  /** `always` asks the registry, `never` uses the cache only. */
  readonly use: 'always' | 'prefer-cache' | 'never';
  /** Address of the proxy for all requests, stronger than `HTTPS_PROXY` and its kin. May hold credentials. */
  readonly proxy: string | undefined;
  /** In the form of `NO_PROXY`, and stronger than it. */
  readonly noProxy: string | undefined;
  /** Absolute path of a PEM file of authorities that are trusted beside those that Node trusts. */
  readonly caFile: string | undefined;
}

export const PROVIDER_KINDS = ['openai', 'anthropic', 'openai-compatible', 'ollama', 'echo'] as const;
/** The protocol that an endpoint speaks. */
export type ProviderKind = (typeof PROVIDER_KINDS)[number];

/** One endpoint that answers prompts. It holds no key: keys are looked up by name and address when one is used. */
export interface ProviderConfig {
  readonly name: string;
  readonly kind: ProviderKind;
  /** Absolute, ends in `/`, holds no credentials; undefined for `echo`, which asks nobody. */
  readonly baseUrl: string | undefined;
  /** Asked where nothing else names a model. */
  readonly model: string | undefined;
  /** Sent with every request; never credentials. */
  readonly headers: Readonly<Record<string, string>>;
  readonly origin: 'user' | 'built in';
}

/** The alias that lockfiles write for the registry used where no scope says otherwise. */
export const DEFAULT_ALIAS = 'default';
/** Where `prompd registry start` listens unless told otherwise. */
export const DEFAULT_PORT = 4874;
