import type { Protocol } from '../config/config.js';
import type { Trust } from '../config/known-registries.js';
import { type Discovery, discoverProtocol } from './discover.js';
import { type HttpClient, type HttpOptions, httpClient } from './http.js';
import { lateRegistry } from './late.js';
import { npmRegistry } from './npm/adapter.js';
import type { SecondFactor } from './npm/one-time-password.js';
import { prompdRegistry } from './prompd.js';
import type { Registry } from './registry.js';
import { staticRegistry } from './static/adapter.js';
import { folderFiles, webFiles } from './static/files.js';

/** What registries were found to speak. */
export interface ProtocolMemory {
  recall(url: string): Protocol | undefined;
  /** @param protocol undefined forgets what the registry spoke */
  learn(url: string, protocol: Protocol | undefined): void;
}

export interface OpenOptions extends HttpOptions {
  /** The name it is configured under. */
  readonly alias: string;
  /** What it speaks; undefined when it is to be asked. */
  readonly protocol: Protocol | undefined;
  /** Spares asking each time what it is. */
  readonly protocols?: ProtocolMemory | undefined;
  /** Whether packuments must hold the times of publication, which npm's short form may lack. */
  readonly needsTimes: boolean;
  /** Decides on the key and the age of a registry of files, and on what stands where one was. */
  readonly trust: Trust;
  /** What the user has beside the token. */
  readonly secondFactor?: SecondFactor | undefined;
}

/** A registry of whichever kind stands at an address. Nothing is sent before the first request. */
export function openRegistry(options: OpenOptions): Registry {
  const { alias, registryUrl: url, protocol, protocols, trust } = options;
  const isFolder = url.startsWith('file:');
  const spoken = async (http: HttpClient): Promise<Discovery> => {
    const known = isFolder ? 'static' : (protocol ?? protocols?.recall(url));
    if (known !== undefined) return { protocol: known, capabilities: undefined };
    const found = await discoverProtocol(http, url);
    protocols?.learn(url, found.protocol);
    return found;
  };
  const open = async () => {
    const http = httpClient(options);
    const { protocol: kind, capabilities } = await spoken(http);
    if (kind !== 'static') await trust.otherKind(url, kind);
    if (kind === 'npm') return npmRegistry(options);
    if (kind === 'prompd') return prompdRegistry({ ...options, capabilities });
    const read = isFolder ? folderFiles(url) : webFiles(http, url);
    return staticRegistry({ alias, url, read, trust });
  };
  // Another registry may have moved in at the address: the next command asks again.
  return lateRegistry({ alias, url }, open, () => protocols?.learn(url, undefined));
}
