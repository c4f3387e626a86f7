export { type TarballOrigin, verifyTarball } from './verify-tarball.js';
