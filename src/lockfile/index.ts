export { conflictText } from './conflict.js';
export {
  readLockfile,
  readLockfileText,
  readLockState,
  restoreLockfileText,
  writeLockfile,
} from './file.js';
export { formatLockfile } from './format.js';
export {
  type Edges,
  fitsRequirements,
  LOCKFILE,
  type LockedPackage,
  type Lockfile,
  type RootRequirements,
} from './lockfile.js';
export { type LockSide, mergeLockfiles, mergeRequirements } from './merge.js';
export { parseLockfile } from './parse.js';
export type { ConflictedLock } from './salvage.js';
