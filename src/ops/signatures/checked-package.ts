import type { Integrity } from '../../core/integrity.js';
import type { PackageId } from '../../core/package-key.js';

/** A version of a registry, with the bytes that are wanted of it. */
export interface CheckedPackage extends PackageId {
  readonly integrity: Integrity;
}
