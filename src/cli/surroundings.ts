import type { Readable, Writable } from 'node:stream';

/** The part of a process that one run of the command line meets: of its own one, or of one that runs several. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr: Writable & { readonly isTTY?: boolean };
  /** @throws as `process.cwd` does when the folder is gone */
  cwd(): string;
  once(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

/** Whether somebody may type into it. */
export function isTypedInto(stream: Readable & { readonly isTTY?: boolean }): stream is NodeJS.ReadStream {
  return stream.isTTY === true;
}

/** Whether it is shown on a terminal. */
export function isShown(stream: Writable & { readonly isTTY?: boolean }): stream is NodeJS.WriteStream {
  return stream.isTTY === true;
}
