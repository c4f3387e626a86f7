export { fetchArchiveFile } from './archive-file.js';
export { type ArchiveSource, fetchFromRegistry } from './registry-archive.js';
export { fetchRemoteArchive } from './remote-archive.js';
