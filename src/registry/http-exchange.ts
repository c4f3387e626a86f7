import type { IncomingHttpHeaders } from 'node:http';
import type { PrompdError } from '../core/errors.js';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Largest body that is accepted, in bytes after decompression. */
  readonly maxBytes: number;
  /** The error for a body above `maxBytes`. */
  readonly tooLarge: () => PrompdError;
  /** Whether the body may come compressed; an archive is compressed itself. */
  readonly decompress: boolean;
  /** false: never sent a second time, as when each time makes another token. */
  readonly isRepeatable?: boolean;
  /** Ends a request whose answer nobody waits for any more. */
  readonly signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Address of the answer, after redirects. */
  readonly url: string;
  /** Whether a redirect led to that address, to which no token was sent then. */
  readonly redirected: boolean;
  /** Whether the request was sent more than once. */
  readonly repeated: boolean;
}
