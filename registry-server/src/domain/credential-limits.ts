import { PrompdError } from 'prompd/core';
import { type Actor, coversPackage, isRestricted } from './actor.js';

/** What takes no package, and may be done with a credential that is for some packages alone. */
const OPEN: ReadonlySet<string> = new Set([
  'registry.describe',
  'registry.search',
  'registry.whoami',
  'log.read',
  'advisory.read',
  'identity.sign-in',
]);

/** All that continuous integration may do with a package. */
const CI: ReadonlySet<string> = new Set(['package.read', 'package.publish']);

/**
 * Keeps a credential that is for some packages alone to these.
 * @param packageName of the package that it is about; undefined while that is not known, and where there is none
 * @throws PrompdError EFORBIDDEN
 */
export function assertCovered(actor: Actor, action: string, packageName: string | undefined): void {
  if (!isRestricted(actor) || OPEN.has(action)) return;
  const isOfPackages = action.startsWith('package.') || action === 'advisory.publish';
  const isCovered =
    isOfPackages &&
    (actor.kind !== 'ci' || CI.has(action)) &&
    // Reading what everybody may read takes no credential.
    (packageName === undefined || action === 'package.read' || coversPackage(actor, packageName));
  if (isCovered) return;
  const packages = actor.kind === 'anonymous' ? [] : (actor.packages ?? []);
  throw new PrompdError('EFORBIDDEN', 'The token is limited to some packages, and is not for this.', {
    facts: { action, packages },
    hint: 'Use a token that is not limited.',
  });
}
