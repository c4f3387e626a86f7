/**
 * The files of one package, wherever they are: a folder, an archive in memory, the store.
 * Paths are relative, with forward slashes, and stay inside the package.
 */
export interface SourceTree {
  /** Every file, sorted. */
  readonly paths: readonly string[];
  /** The bytes of a file, or undefined when there is none of that path. */
  read(path: string): Promise<Uint8Array | undefined>;
}
