import { PrompdError } from '../core/errors.js';
import { type PackageName, scopeOf } from '../core/name.js';

/** Whether packages need the registry's signature, weakest first. */
export const SIGNATURE_POLICIES = ['off', 'when-present', 'required'] as const;
export type SignaturePolicy = (typeof SIGNATURE_POLICIES)[number];

/** What one layer of the configuration says of signatures; the most special of what fits counts. */
export interface SignatureRules {
  readonly default?: SignaturePolicy | undefined;
  /** By alias. */
  readonly registries?: Readonly<Record<string, SignaturePolicy>> | undefined;
  /** By `@scope`. */
  readonly scopes?: Readonly<Record<string, SignaturePolicy>> | undefined;
}

/** What is asked of versions by authors of a scope, weaker first. */
export const SIGNER_POLICIES = ['no-downgrade', 'required'] as const;
export type SignerPolicy = (typeof SIGNER_POLICIES)[number];

export interface TrustedSigner {
  /** Base64 of an Ed25519 public key: SubjectPublicKeyInfo in DER. */
  readonly key: string;
  /** For people. */
  readonly name?: string | undefined;
}

/** Whose signatures count for the packages of a scope, and what follows from it. */
export interface ScopeSigners {
  readonly keys: readonly TrustedSigner[];
  readonly policy: SignerPolicy;
  /** Who named the keys. */
  readonly origin: 'user' | 'project';
}

/** What a file says of a scope's signers. */
export interface WrittenSigners {
  readonly keys: readonly TrustedSigner[];
  readonly policy?: SignerPolicy | undefined;
}

/** The policy that holds for a package: the strictest that any layer has for it, so that a project never weakens one. */
export function signaturePolicy(
  layers: readonly SignatureRules[],
  { name, source }: { readonly name: PackageName; readonly source: string },
): SignaturePolicy {
  const scope = scopeOf(name);
  const said = layers.map(
    rules =>
      (scope === undefined ? undefined : own(rules.scopes, scope)) ??
      own(rules.registries, source) ??
      rules.default ??
      'off',
  );
  return SIGNATURE_POLICIES.findLast(policy => said.includes(policy)) ?? 'off';
}

/** Whether any package may need a signature. */
export function checksSignatures(layers: readonly SignatureRules[]): boolean {
  return layers.some(rules =>
    [rules.default, ...Object.values(rules.registries ?? {}), ...Object.values(rules.scopes ?? {})].some(
      policy => policy !== undefined && policy !== 'off',
    ),
  );
}

/**
 * The signers of each scope. Where the user names keys, those of a project do not add to them; a project may name keys for
 * scopes that the user says nothing about, and ask for more than the user does.
 */
export function signersOf(
  user: Readonly<Record<string, WrittenSigners>> = {},
  project: Readonly<Record<string, WrittenSigners>> = {},
): Map<string, ScopeSigners> {
  const signers = new Map<string, ScopeSigners>();
  for (const scope of new Set([...Object.keys(user), ...Object.keys(project)])) {
    const own = user[scope];
    const theirs = project[scope];
    const keys = own?.keys ?? theirs?.keys ?? [];
    const isRequired = own?.policy === 'required' || theirs?.policy === 'required';
    signers.set(scope, {
      keys,
      policy: isRequired ? 'required' : 'no-downgrade',
      origin: own === undefined ? 'project' : 'user',
    });
  }
  return signers;
}

/** @throws PrompdError ECONFIG for rules about a registry that there is not */
export function assertKnownAliases(rules: SignatureRules, known: Iterable<string>, file: string): void {
  const aliases = [...known];
  for (const alias of Object.keys(rules.registries ?? {})) {
    if (aliases.includes(alias)) continue;
    throw new PrompdError('ECONFIG', `${file}: "signatures.registries.${alias}" names no registry.`, {
      facts: { file, key: `signatures.registries.${alias}`, known: aliases },
      hint: 'Name one of "registries", or "default" for the registry of names that no scope is mapped for.',
    });
  }
}

function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}
