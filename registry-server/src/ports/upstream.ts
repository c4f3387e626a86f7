import type { PackageName, Packument, VersionMetadata } from 'prompd/core';
import type { Uplink } from '../domain/uplink.js';

/** What an uplink says of a package. */
export type UpstreamAnswer =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'missing' }
  | {
      readonly kind: 'fresh';
      readonly packument: Packument;
      /** The document as it came. */
      readonly body: string;
      readonly etag: string | undefined;
    };

/** The registries that this one mirrors, of whichever kind they are. */
export interface Upstreams {
  /** @throws PrompdError whatever the connection or the answer is refused for; never for a name that is not there */
  packument(uplink: Uplink, name: PackageName, etag: string | undefined): Promise<UpstreamAnswer>;
  /** The archive's bytes as they came: not verified. @throws PrompdError */
  archive(uplink: Uplink, version: VersionMetadata, maxBytes: number): Promise<Uint8Array>;
}
