import path from 'node:path';
import { MANIFEST_FILE } from '../core/manifest.js';
import { isPromptPath } from '../prompt/index.js';

/** Whether a document is a manifest: by its name alone. */
export function isManifest(file: string): boolean {
  return path.basename(file) === MANIFEST_FILE;
}

/** Whether a document is a prompt: by its extension, or because the editor says so of one without a name. */
export function isPrompt(file: string, languageId: string): boolean {
  return isPromptPath(file) || languageId === 'prompd';
}
