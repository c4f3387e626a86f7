import { FolderBlobStore } from './adapters/folder-blob-store.js';
import type { S3Settings } from './domain/s3-settings.js';
import type { BlobStore } from './ports/blob-store.js';

/**
 * Opens where the archives are: a bucket when there is one, else the data folder. The SDK of S3 is loaded for a bucket
 * alone.
 * @param undo gets what lets its connections go
 * @throws PrompdError ECONFIG when it cannot be written to
 */
export async function openBlobs(
  { dataDir, s3 }: { readonly dataDir: string; readonly s3: S3Settings | undefined },
  undo: Array<() => Promise<void>>,
): Promise<BlobStore> {
  if (s3 === undefined) return FolderBlobStore.open(dataDir);
  const { S3BlobStore } = await import('./adapters/s3-blob-store.js');
  const store = await S3BlobStore.open(s3);
  undo.push(async () => store.close());
  return store;
}
