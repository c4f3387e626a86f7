export type {
  ExoticPackage,
  ExoticTarget,
  LockedGraph,
  PackumentSource,
  Resolution,
  ResolveRequest,
} from './resolution.js';
export { resolve } from './resolve.js';
