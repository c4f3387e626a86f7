export { fetchArchiveFile } from './archive-file.js';
export { type ArchiveSource, fetchFromRegistry, type WantedArchive } from './registry-archive.js';
export { fetchRemoteArchive, type RemoteOptions } from './remote-archive.js';
