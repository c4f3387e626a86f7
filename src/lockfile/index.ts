export { readLockfile, writeLockfile } from './file.js';
export { formatLockfile } from './format.js';
export {
  type Edges,
  fitsRequirements,
  LOCKFILE,
  type LockedPackage,
  type Lockfile,
  type RootRequirements,
} from './lockfile.js';
export { parseLockfile } from './parse.js';
