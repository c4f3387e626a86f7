export { readLockfile, writeLockfile } from './file.js';
export { formatLockfile } from './format.js';
export {
  type Edges,
  fitsRequirements,
  LOCKFILE,
  LOCKFILE_VERSION,
  type LockedPackage,
  type LockedRoot,
  type Lockfile,
  type RootRequirements,
} from './lockfile.js';
export { parseLockfile } from './parse.js';
