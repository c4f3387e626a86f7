import type { Agent as HttpAgent } from 'node:http';
import type { Agent as HttpsAgent } from 'node:https';

/** Ways to other machines, by the user's proxies, authorities and certificates. */
export interface Connections {
  /** The way to an address. A redirect is another address. */
  to(url: URL): Promise<Connection>;
}

export interface Connection {
  readonly agent: { readonly http: HttpAgent; readonly https: HttpsAgent };
  /** Address of the proxy that it goes through, without credentials; undefined for none. */
  readonly proxy: string | undefined;
}
