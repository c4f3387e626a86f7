export { type Candidates, candidatesOf } from './candidates.js';
export type { ExoticTarget } from './requirement.js';
export type {
  Conflicts,
  Edges,
  ExoticPackage,
  LockedGraph,
  LockedNode,
  PackumentSource,
  PackumentWish,
  Resolution,
  ResolvedPackage,
  ResolveRequest,
} from './resolution.js';
export { resolve } from './resolve.js';
export type { Admission, MinimumReleaseAge } from './solver/admission.js';
export type { Strategy } from './solver/preferences.js';
export {
  lockOf,
  type Solution,
  solutionOf,
  solutionSchema,
  type Universe,
  universeSchema,
  universeSource,
} from './universe.js';
