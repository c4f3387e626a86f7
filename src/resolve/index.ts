export type {
  Edges,
  ExoticPackage,
  ExoticTarget,
  LockedGraph,
  LockedNode,
  PackumentSource,
  Resolution,
  ResolvedPackage,
  ResolveRequest,
} from './resolution.js';
export { resolve } from './resolve.js';
