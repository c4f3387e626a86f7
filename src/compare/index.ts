export { diffFiles, type FileChange } from './diff-files.js';
export { diffManifests, type ManifestChange } from './diff-manifest.js';
