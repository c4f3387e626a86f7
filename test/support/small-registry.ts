import type { IncomingMessage, ServerResponse } from 'node:http';
import { baseNameOf, parsePackageName } from '#prompd/core/name.js';
import { type HostileServer, hostileServer, json } from '../registry/hostile-server.js';
import { packTest, type TestManifest } from './registry.js';
import type { Teardown } from './temp.js';

export interface SmallRegistry extends HostileServer {
  /** Paths that were asked for, in order. */
  readonly asked: string[];
  /** Answers in the place of the registry while it is set; may give up with false. */
  interfere: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
}

/** A registry of a few packages in prompd's own protocol, to be read only: for tests that need several at once. */
export async function smallRegistry(t: Teardown, manifests: readonly TestManifest[]): Promise<SmallRegistry> {
  const packuments = new Map<string, Record<string, object>>();
  const archives = new Map<string, Uint8Array>();
  for (const manifest of manifests) {
    const { bytes, integrity } = await packTest(manifest);
    const { name, version, dependencies } = manifest;
    const versions = packuments.get(name) ?? {};
    versions[version] = { name, version, dependencies, dist: { integrity } };
    packuments.set(name, versions);
    archives.set(`/packages/${name}/-/${baseNameOf(parsePackageName(name))}-${version}.tgz`, bytes);
  }
  const asked: string[] = [];
  const registry: Pick<SmallRegistry, 'interfere'> = { interfere: undefined };
  const server = await hostileServer(t, (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '', 'http://localhost').pathname);
    asked.push(path);
    if (registry.interfere?.(request, response)) return;
    const archive = archives.get(path);
    const name = path.replace('/packages/', '');
    const versions = packuments.get(name);
    if (archive) response.end(archive);
    else if (versions) json(response, { name, 'dist-tags': { latest: newest(versions) }, versions });
    else
      json(
        response,
        { type: 'about:blank', title: 'T', detail: `There is no ${name}.`, code: 'ENOTFOUND' },
        404,
      );
  });
  return Object.assign(registry, server, { asked });
}

function newest(versions: object): string | undefined {
  return Object.keys(versions).at(-1);
}
