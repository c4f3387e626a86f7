import { signerMemory } from '../../config/known-signers.js';
import type { ScopeSigners } from '../../config/signatures.js';
import type { AuthorSignature } from '../../core/author-signature.js';
import { PrompdError } from '../../core/errors.js';
import { parseIntegrity } from '../../core/integrity.js';
import type { Packument } from '../../core/packument.js';
import type { AuthorSigned } from '../../core/verified-signature.js';
import { compareVersions, type Version } from '../../core/version.js';
import { verifyAuthorSignature } from '../../verify/index.js';
import type { Context } from '../context.js';
import type { CheckedPackage } from './checked-package.js';

export interface AuthorEvidence {
  readonly signers: ScopeSigners;
  readonly packument: Packument;
  /** The registry's address. */
  readonly registry: string;
}

/** Holds versions against the authors that are trusted. */
export interface AuthorCheck {
  /**
   * @throws PrompdError ESIGNATURE for a signature of a trusted key that does not hold; EUNSIGNED where one is required;
   *   EDOWNGRADE where an older version had one
   */
  check(wanted: CheckedPackage, evidence: AuthorEvidence): Promise<void>;
  /** Writes down whose signatures were seen. */
  remember(): Promise<void>;
}

/** Remembers in the home folder which packages were signed, as a registry could leave all signatures out. */
export function authorCheck({ config }: Context): AuthorCheck {
  const memory = signerMemory(config.home);
  const seen = new Map<string, AuthorSigned[]>();
  return {
    async check(wanted, evidence) {
      const { signers, packument, registry } = evidence;
      const { name, version } = wanted;
      const signed = trustedSignature(signaturesOf(packument, version), signers);
      if (signed !== undefined) {
        const proof = verifyAuthorSignature(wanted, signed);
        seen.set(registry, [...(seen.get(registry) ?? []), proof]);
        return;
      }
      const known = await memory.recall(registry, name);
      if (known?.accepted.includes(version)) return;
      if (signers.policy === 'required') throw notSigned(wanted, evidence);
      const before = lastSigned(evidence, version) ?? known?.signed;
      if (before !== undefined && compareVersions(version, before.version) > 0)
        throw downgrade(wanted, evidence, before);
    },
    async remember() {
      for (const [registry, proofs] of seen) await memory.remember(registry, proofs);
      seen.clear();
    },
  };
}

/** The signature of a key that is trusted, where there is one. Others say nothing. */
export function trustedSignature(
  signatures: readonly AuthorSignature[],
  { keys }: ScopeSigners,
): AuthorSignature | undefined {
  return signatures.find(({ key }) => keys.some(trusted => trusted.key === key));
}

function signaturesOf({ versions }: Packument, version: Version): readonly AuthorSignature[] {
  return versions.get(version)?.dist.authorSignatures ?? [];
}

interface Signed {
  readonly version: Version;
  readonly keyid: string;
}

/** The highest older version that the registry shows with a signature of a trusted key that holds. */
function lastSigned({ packument, signers }: AuthorEvidence, version: Version): Signed | undefined {
  const older = [...packument.versions.values()]
    .filter(other => compareVersions(other.version, version) < 0)
    .sort((a, b) => compareVersions(b.version, a.version));
  for (const { name, version: before, dist } of older) {
    const signature = trustedSignature(dist.authorSignatures ?? [], signers);
    if (signature === undefined) continue;
    try {
      const subject = { name, version: before, integrity: parseIntegrity(dist.integrity ?? '') };
      return { version: before, keyid: verifyAuthorSignature(subject, signature).keyid };
    } catch (error) {
      // It stands in for nothing; were it wanted, it would be refused.
      if (!(error instanceof PrompdError)) throw error;
    }
  }
  return undefined;
}

function notSigned({ name, version }: CheckedPackage, { registry, signers }: AuthorEvidence): PrompdError {
  return new PrompdError('EUNSIGNED', `${name}@${version} is not signed by an author that is trusted.`, {
    facts: { name, version, registry, expected: signers.keys.map(nameOf) },
    hint: `Ask its author for a version that is published with "--sign". To take it all the same, run "prompd key accept ${name}@${version}".`,
  });
}

function downgrade(
  { name, version }: CheckedPackage,
  { registry, signers }: AuthorEvidence,
  before: Signed,
): PrompdError {
  return new PrompdError(
    'EDOWNGRADE',
    `${name}@${version} is not signed by an author that is trusted, and ${before.version} was.`,
    {
      facts: {
        name,
        version,
        registry,
        signed: before.version,
        keyid: before.keyid,
        expected: signers.keys.map(nameOf),
      },
      hint: `Ask its author: somebody else may have published it. To take it all the same, run "prompd key accept ${name}@${version}".`,
    },
  );
}

function nameOf({ key, name }: ScopeSigners['keys'][number]): string {
  return name === undefined ? key : `${name} ${key}`;
}
