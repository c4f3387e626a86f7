import type { PromptPackage } from 'prompd/prompt';
import semver from 'semver';
import { z } from 'zod';
import { type AnswerOf, call } from '../../api/call.js';
import { ApiProblem } from '../../api/problem.js';

/** What a manifest says that matters to prompts. */
export const promptManifest = z.looseObject({
  name: z.string().optional(),
  version: z.string().optional(),
  main: z.string().optional(),
  prompts: z.record(z.string(), z.string()).catch({}),
  dependencies: z.record(z.string(), z.string()).catch({}),
});

type Entry = AnswerOf<'getPackage'>['versions'][string];

/** `prompd:@org/name@^1`, or `npm:`: another package than the key says. */
const ALIAS = /^(?:prompd|npm):((?:@[^/@\s]+\/)?[^/@\s]+)(?:@(.+))?$/;

/**
 * The packages that prompts take text from, as this registry has them and whoever looks may read them. Of each the highest
 * version that fits is taken, as an installation takes it; each file is checked against its digest.
 */
export class PublishedPackages {
  readonly #known = new Map<string, Promise<PromptPackage | undefined>>();

  /**
   * A dependency by what a manifest asks for.
   * @param name the key in the manifest, by which prompts refer to it
   * @param wanted a range, version or tag; undefined where the manifest does not name it
   * @returns undefined for what is not there, or lies outside of the registry
   */
  dependency(name: string, wanted: string | undefined): Promise<PromptPackage | undefined> {
    if (wanted === undefined || /^(?:file|https?):/.test(wanted)) return Promise.resolve(undefined);
    const key = `${name} ${wanted}`;
    const found = this.#known.get(key) ?? this.#open(name, wanted);
    this.#known.set(key, found);
    // What failed may be there the next time.
    found.catch(() => this.#known.delete(key));
    return found;
  }

  async #open(name: string, wanted: string): Promise<PromptPackage | undefined> {
    const [, other = name, selector = 'latest'] = ALIAS.exec(wanted) ?? [wanted, name, wanted];
    const entry = await chosen(other, selector);
    if (!entry) return undefined;
    const { version, dist } = entry;
    const { manifest } = await call('getVersion', { path: { name: other, version } });
    const { prompts, main, dependencies } = promptManifest.parse(manifest);
    return {
      id: `${other}@${version}`,
      name,
      version,
      label: `${other}@${version}`,
      prompts,
      main,
      read: path => readFile({ name: other, version, path }, dist.integrity),
      dependency: asked => this.dependency(asked, dependencies[asked]),
    };
  }
}

async function chosen(name: string, selector: string): Promise<Entry | undefined> {
  try {
    const { versions, 'dist-tags': tags } = await call('getPackage', { path: { name } });
    const usable = Object.values(versions).filter(({ yanked }) => !yanked);
    const best = semver.maxSatisfying(
      usable.map(({ version }) => version),
      selector,
    );
    const version = best ?? (Object.hasOwn(tags, selector) ? tags[selector] : undefined);
    return usable.find(one => one.version === version);
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return undefined;
    throw error;
  }
}

async function readFile(
  path: { name: string; version: string; path: string },
  integrity: string,
): Promise<Uint8Array | undefined> {
  try {
    const file = await call('getPublishedFile', { path });
    const bytes =
      file.encoding === 'utf8'
        ? new TextEncoder().encode(file.content)
        : Uint8Array.from(atob(file.content), character => character.charCodeAt(0));
    if (file.integrity !== integrity || !(await isDigest(bytes, file.digest))) {
      throw new Error(`${path.path} of ${path.name}@${path.version} is not what the registry names.`);
    }
    return bytes;
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return undefined;
    throw error;
  }
}

/** Browsers make digests only for pages that came over https, or from this machine. */
async function isDigest(bytes: Uint8Array<ArrayBuffer>, digest: string): Promise<boolean> {
  if (!window.isSecureContext) return true;
  const made = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return digest === `sha256-${[...made].map(byte => byte.toString(16).padStart(2, '0')).join('')}`;
}
