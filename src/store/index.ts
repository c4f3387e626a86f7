export type { ArchiveCache, CacheEntry } from './cache.js';
export { type ExclusiveOptions, exclusively, WHOLE_STORE } from './exclusive.js';
export { RECORD_FILE } from './home-folders.js';
export { type FileFaults, inspectFiles } from './inspect.js';
export type { StoreId } from './layout.js';
export {
  type CachedPackument,
  type HistoryEntry,
  type InstalledEntry,
  type Metadata,
  openMetadata,
  type PackumentEntry,
} from './metadata.js';
export { checkMetadata } from './metadata-check.js';
export type { StagedPackage } from './place.js';
export { forgetProject, isKnownProject, knownProjects, rememberProject } from './projects.js';
export { queuedMetadata } from './queued-metadata.js';
export { type PackageRecord, sha256 } from './record.js';
export { type NamedVersion, openStore, type Store, type StoredPackage, type StoreFolder } from './store.js';
export {
  checkVendorFolder,
  findVendored,
  formatVendorIndex,
  kindOf,
  readVendorIndex,
  removeVendored,
  type StagedVendor,
  stageVendored,
  sweepVendorStaging,
  VENDOR_ARCHIVE,
  VENDOR_FOLDER,
  type VendorEntry,
  vendorEntries,
  vendoredFolders,
  writeVendorIndex,
} from './vendor-folder.js';
