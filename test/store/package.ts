import { parsePackageName } from '#prompd/core/name.js';
import type { UnpackedPackage } from '#prompd/core/verified-tarball.js';
import { parseVersion } from '#prompd/core/version.js';
import type { StoreId } from '#prompd/store/index.js';
import { memoryTree, unpack } from '#prompd/tarball/index.js';
import { packTree } from '#prompd/tarball/pack-tree.js';
import { verifyTarball } from '#prompd/verify/index.js';

export interface MadePackage {
  readonly id: StoreId;
  readonly bytes: Uint8Array;
  readonly unpacked: UnpackedPackage;
}

/** Packs, verifies and unpacks a package of these files. */
export async function makePackage(
  name: string,
  version: string,
  files: Record<string, string> = {},
): Promise<MadePackage> {
  const manifest = { name: parsePackageName(name), version: parseVersion(version) };
  const { bytes, integrity } = await packTree(memoryTree(Object.entries(files)), manifest);
  const unpacked = await unpack(verifyTarball(bytes, integrity, { name, version, source: 'test' }));
  return { id: { ...manifest, integrity }, bytes, unpacked };
}
