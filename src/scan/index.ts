export { type Finding, scanTree } from './scan-tree.js';
