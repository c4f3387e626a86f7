/** What an archive may cost whoever reads it. Every bound is inclusive. */
export interface ArchiveLimits {
  /** Size of the archive as it travels, in bytes. */
  readonly compressedBytes: number;
  /** Size of the tar inside, in bytes: contents, headers and padding. */
  readonly totalBytes: number;
  /** How many files and folders it may list. */
  readonly entries: number;
  /** Size of one file, in bytes. */
  readonly fileBytes: number;
  /** Length of a path inside the package, in bytes of UTF-8. */
  readonly pathBytes: number;
  /** How many names a path may be made of. */
  readonly depth: number;
  /** How many bytes one compressed byte may become. */
  readonly ratio: number;
}

const MEBIBYTE = 1024 * 1024;

/** Far above what prompt packages need, and small enough that reading a hostile one costs next to nothing. */
export const ARCHIVE_LIMITS: ArchiveLimits = {
  compressedBytes: 20 * MEBIBYTE,
  totalBytes: 100 * MEBIBYTE,
  entries: 10_000,
  fileBytes: 20 * MEBIBYTE,
  pathBytes: 512,
  depth: 32,
  ratio: 200,
};

/** The ratio says nothing about small archives: an empty tar block alone shrinks a hundredfold. */
const RATIO_FREE_BYTES = MEBIBYTE;

/**
 * How large an archive may become when it is decompressed.
 * @param compressed its size now, in bytes
 */
export function inflatedLimit(compressed: number, limits: ArchiveLimits): number {
  return Math.min(limits.totalBytes, Math.max(RATIO_FREE_BYTES, compressed * limits.ratio));
}
