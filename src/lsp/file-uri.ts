import { fileURLToPath, pathToFileURL } from 'node:url';

/** The absolute path that a `file:` URI names; undefined for other schemes, and for what is no path here. */
export function pathOfUri(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}

/** The `file:` URI of an absolute path. */
export function uriOfPath(path: string): string {
  return pathToFileURL(path).href;
}
