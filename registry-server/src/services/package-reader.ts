import { createHash } from 'node:crypto';
import { baseNameOf, isVersion, PrompdError } from 'prompd/core';
import type { Actor } from '../domain/actor.js';
import { maySeePrivate, packageNotFound, type Subject } from '../domain/authorize.js';
import {
  archiveFileName,
  type Package,
  type PackageVersion,
  versionOfFileName,
} from '../domain/package-version.js';
import type { SearchPage, SearchQuery } from '../domain/search-query.js';
import type { PackageDocument, PackageRepository } from '../ports/package-repository.js';

/** Reads packages in the shapes that clients expect. Whether the caller may is decided before. */
export class PackageReader {
  readonly #packages: PackageRepository;

  constructor(packages: PackageRepository) {
    this.#packages = packages;
  }

  /** What authorisation needs to know of a package. @throws PrompdError ENOTFOUND */
  async subject(name: string): Promise<Subject> {
    const { access } = await this.#found(name);
    return { kind: 'package', name, access };
  }

  /**
   * A validator for the packument's versions, tags and settings. It is weak: download counts alone do not change it.
   * @param baseUrl where archives are served from, which the packument names
   */
  async packumentTag(name: string, baseUrl: string): Promise<string> {
    const { id, revision } = await this.#found(name);
    return `W/"${id}-${revision}-${createHash('sha256').update(baseUrl).digest('hex').slice(0, 12)}"`;
  }

  /** @throws PrompdError ENOTFOUND */
  async packument(name: string, baseUrl: string) {
    const document = await this.#packages.document(name);
    if (!document) throw packageNotFound(name);
    return packumentOf(document, baseUrl);
  }

  /**
   * One version with its manifest and README.
   * @param selector an exact version or a dist-tag
   * @throws PrompdError ENOTFOUND, ENOVERSION
   */
  async version(name: string, selector: string, baseUrl: string) {
    const found = await this.#found(name);
    const version = await this.#selected(name, selector);
    return {
      ...versionDocument(found, version, baseUrl),
      access: found.access,
      manifest: version.manifest,
      readme: await this.#packages.readme(version.id),
      publishedAt: version.publishedAt.toISOString(),
      publishedBy: version.publishedBy,
    };
  }

  /** The version that an archive's file name stands for. @throws PrompdError ENOTFOUND, ENOVERSION */
  async versionOfFile(name: string, file: string): Promise<PackageVersion> {
    const found = await this.#found(name);
    const raw = versionOfFileName(baseNameOf(found.name), file);
    const version = raw !== undefined && isVersion(raw) ? await this.#packages.version(name, raw) : undefined;
    if (version) return version;
    throw new PrompdError('ENOVERSION', `${name} has no archive ${file.slice(0, 120)}.`, {
      facts: { name, file: file.slice(0, 120) },
    });
  }

  search(actor: Actor, query: Omit<SearchQuery, 'includePrivate'>): Promise<SearchPage> {
    return this.#packages.search({ ...query, includePrivate: maySeePrivate(actor) });
  }

  async distTags(name: string) {
    await this.#found(name);
    return this.#packages.distTags(name);
  }

  async distTagMoves(name: string) {
    await this.#found(name);
    return this.#packages.moves(name);
  }

  async #selected(name: string, selector: string): Promise<PackageVersion> {
    const exact = isVersion(selector) ? selector : (await this.#packages.distTags(name))[selector];
    const version = exact === undefined ? undefined : await this.#packages.version(name, exact);
    if (version) return version;
    throw new PrompdError('ENOVERSION', `${name} has no version or tag "${selector.slice(0, 80)}".`, {
      facts: { name, version: selector.slice(0, 80) },
    });
  }

  async #found(name: string): Promise<Package> {
    const found = await this.#packages.find(name);
    if (!found) throw packageNotFound(name);
    return found;
  }
}

function packumentOf({ package: found, versions, distTags, readme }: PackageDocument, baseUrl: string) {
  return {
    name: found.name,
    description: found.description,
    'dist-tags': distTags,
    versions: Object.fromEntries(
      versions.map(version => [version.version, versionDocument(found, version, baseUrl)]),
    ),
    time: {
      created: found.createdAt.toISOString(),
      modified: found.updatedAt.toISOString(),
      ...Object.fromEntries(versions.map(({ version, publishedAt }) => [version, publishedAt.toISOString()])),
    },
    access: found.access,
    author: found.author,
    category: found.category,
    keywords: found.keywords,
    downloads: found.downloads,
    readme,
  };
}

/** A version as packuments show it. Members that are absent in the manifest are absent here. */
function versionDocument({ name }: Package, version: PackageVersion, baseUrl: string) {
  const { manifest } = version;
  return {
    name,
    version: version.version,
    ...(manifest.description === undefined ? {} : { description: manifest.description }),
    ...(manifest.license === undefined ? {} : { license: manifest.license }),
    dependencies: manifest.dependencies ?? {},
    ...(manifest.engines === undefined ? {} : { engines: manifest.engines }),
    prompts: manifest.prompts ?? {},
    ...(version.deprecated === null ? {} : { deprecated: version.deprecated }),
    ...(version.yanked ? { yanked: true } : {}),
    dist: {
      integrity: version.integrity,
      shasum: version.shasum,
      tarball: `${baseUrl}/packages/${name}/-/${encodeURIComponent(archiveFileName(baseNameOf(name), version.version))}`,
      size: version.size,
      unpackedSize: version.unpackedSize,
      fileCount: version.fileCount,
    },
  };
}
