import type { Advisory } from '../../core/advisory.js';
import type { PackageName } from '../../core/name.js';
import type { Lockfile } from '../../lockfile/index.js';
import type { Context } from '../context.js';
import type { Suppliers } from '../install/suppliers.js';
import type { Project } from '../project/project.js';

/** What a fix works on. */
export interface FixJob {
  readonly context: Context;
  readonly project: Project;
  readonly lockfile: Lockfile;
  readonly suppliers: Suppliers;
  /** Package to the advisories about any of its versions. */
  readonly warnings: ReadonlyMap<PackageName, readonly Advisory[]>;
}
