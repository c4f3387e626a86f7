import { LRUCache } from 'lru-cache';
import { baseNameOf, isVersion, PrompdError, type Version } from 'prompd/core';
import { type Actor, viewerOf } from '../domain/actor.js';
import { type Authorize, type PackageSubject, packageNotFound } from '../domain/authorize.js';
import { versionRevoked } from '../domain/channel.js';
import type { DistTagMove } from '../domain/dist-tag.js';
import type { PackageOwner } from '../domain/package-owner.js';
import { type Package, type PackageVersion, versionOfFileName } from '../domain/package-version.js';
import { RequestError } from '../domain/problem-document.js';
import { permits } from '../domain/role.js';
import type { FacetQuery, Facets, SearchPage, SearchQuery } from '../domain/search-query.js';
import type { ChannelRepository } from '../ports/channel-repository.js';
import type { DependentsPage, PackageDocument, PackageRepository } from '../ports/package-repository.js';
import type { AdvisoryService } from './advisories.js';
import type { Mirror, MirrorAge } from './mirror.js';
import { type NpmForm, npmPackument, npmVersion } from './npm/packument.js';
import { packumentOf, type VersionDetails, versionDetails } from './packument.js';
import { packumentTag } from './packument-tag.js';
import type { RenderedDocument, RenderedPackuments } from './rendered-packuments.js';

/** A package that was found, as authorisation and reading need it. */
export interface FoundPackage extends PackageSubject {
  readonly package: Package;
  /** Undefined for a package of this registry. */
  readonly mirror: MirrorAge | undefined;
}

/** What serving an archive takes to know of its version. */
export type StoredArchive = Pick<PackageVersion, 'id' | 'integrity'>;

export interface ReaderParts {
  /** Why versions were revoked. */
  readonly channels: Pick<ChannelRepository, 'revocation'>;
  readonly authorize: Authorize;
  readonly packages: PackageRepository;
  readonly advisories: Pick<AdvisoryService, 'about'>;
  readonly mirror: Mirror;
  readonly rendered: RenderedPackuments;
  readonly search: PackageReaderSearch;
}

type PackageReaderSearch = (query: SearchQuery) => Promise<SearchPage>;

const KNOWN_VERSIONS = 10_000;

/**
 * Reads packages in the shapes that clients expect. Whether the caller may is decided before.
 *
 * What is kept in memory is kept under the package's revision, which each change raises in its own transaction: a
 * request first reads the package's row, so that no server ever answers with what another one has changed.
 */
export class PackageReader {
  readonly #parts: Pick<ReaderParts, 'channels' | 'authorize' | 'search'>;
  readonly #packages: PackageRepository;
  readonly #mirror: Mirror;
  readonly #advisories: Pick<AdvisoryService, 'about'>;
  readonly #rendered: RenderedPackuments;
  readonly #versions = new LRUCache<string, StoredArchive>({ max: KNOWN_VERSIONS });

  constructor({ packages, advisories, mirror, rendered, ...parts }: ReaderParts) {
    this.#parts = parts;
    this.#packages = packages;
    this.#advisories = advisories;
    this.#mirror = mirror;
    this.#rendered = rendered;
  }

  /**
   * Finds a package, here or, when nothing here has or had the name, at the uplink that owns it.
   * @param actor who asks: uplinks may be for those alone who have a token
   * @throws PrompdError ENOTFOUND
   * @throws RequestError EUPSTREAM
   */
  async find(name: string, actor: Actor): Promise<FoundPackage> {
    const found = await this.#packages.find(name);
    const isLocal = found !== undefined && found.uplink === undefined;
    const mirrored = isLocal ? undefined : await this.#mirror.find(name, found, actor);
    const read = isLocal ? found : mirrored?.package;
    if (!read) throw await this.#gone(name, actor);
    const { name: known, access, owners, uplink } = read;
    const { user } = viewerOf(actor);
    // Nobody in particular is nothing in any project, and may only see what is public.
    const standing = isLocal && user !== undefined ? await this.#packages.standing(known, user) : undefined;
    const subject = { kind: 'package', name: known, access, owners, uplink, standing } as const;
    return { ...subject, package: read, mirror: mirrored?.mirror };
  }

  /** As {@link find}; for the approvers of its project also a package of which no version is published yet. */
  async findForReview(name: string, actor: Actor): Promise<PackageSubject> {
    const holding = await this.#packages.holding(name, viewerOf(actor).user);
    const { owners, standing } = holding;
    if (owners === undefined || !standing || !permits(standing, 'approve')) return this.find(name, actor);
    return { kind: 'package', name, ...holding };
  }

  /** A validator for the packument. @param baseUrl where archives are served from, which the packument names */
  packumentTag({ package: found }: FoundPackage, baseUrl: string): string {
    return packumentTag(found, baseUrl);
  }

  /** The packument, rendered. @throws PrompdError ENOTFOUND */
  async packument({ package: found }: FoundPackage, baseUrl: string): Promise<RenderedDocument> {
    const keyOf = ({ id, revision, downloads }: Package) => ({
      packageId: id,
      revision,
      form: `full ${downloads} ${baseUrl}`,
    });
    const ready = await this.#rendered.get(keyOf(found), async () => {
      const document = await this.#packages.document(found.name);
      if (!document) return undefined;
      const advisories = await this.#advisories.about(found.name);
      return { key: keyOf(document.package), document: packumentOf({ ...document, advisories }, baseUrl) };
    });
    if (!ready) throw packageNotFound(found.name);
    return ready;
  }

  /** A validator for one form of the packument that npm's clients see. */
  npmPackumentTag({ package: found }: FoundPackage, npmUrl: string, form: NpmForm): string {
    return packumentTag(found, `${form} ${npmUrl}`);
  }

  /** The packument that npm's clients see, rendered. @throws PrompdError ENOTFOUND */
  async npmPackument(
    { package: found }: FoundPackage,
    npmUrl: string,
    form: NpmForm,
  ): Promise<RenderedDocument> {
    const keyOf = ({ id, revision }: Package) => ({
      packageId: id,
      revision,
      form: `npm ${form} ${npmUrl}`,
    });
    const ready = await this.#rendered.get(keyOf(found), async () => {
      const document = await this.#packages.document(found.name);
      return document && { key: keyOf(document.package), document: npmPackument(document, npmUrl, form) };
    });
    if (!ready) throw packageNotFound(found.name);
    return ready;
  }

  /** Everything of a package, read at one moment. @throws PrompdError ENOTFOUND */
  async document({ name }: FoundPackage): Promise<PackageDocument> {
    const document = await this.#packages.document(name);
    if (!document) throw packageNotFound(name);
    return document;
  }

  /** One version as npm's clients see it. @throws PrompdError ENOVERSION */
  async npmVersion(found: FoundPackage, selector: string, npmUrl: string): Promise<object> {
    const version = await this.#mirror.withArchive(found, await this.#selected(found, selector));
    return npmVersion(found.package, version, npmUrl);
  }

  /**
   * One version with its manifest and README.
   * @param selector an exact version or a dist-tag
   * @throws PrompdError ENOVERSION
   */
  async version(found: FoundPackage, selector: string, baseUrl: string): Promise<VersionDetails> {
    const here = await this.#mirror.withArchive(found, await this.#selected(found, selector));
    return versionDetails(found.package, {
      version: here,
      readme: await this.#packages.readme(here.id),
      baseUrl,
    });
  }

  /**
   * One version, with its archive here.
   * @param selector an exact version or a dist-tag
   * @throws PrompdError ENOVERSION
   * @throws RequestError EUPSTREAM
   */
  async archived(found: FoundPackage, selector: string): Promise<PackageVersion> {
    return this.#mirror.withArchive(found, await this.#selected(found, selector));
  }

  async #selected({ name }: FoundPackage, selector: string): Promise<PackageVersion> {
    const exact = isVersion(selector) ? selector : await this.#tagged(name, selector);
    const version = exact === undefined ? undefined : await this.#packages.version(name, exact);
    if (version) return version;
    if (exact !== undefined) await this.#assertNotRevoked(name, exact);
    throw new PrompdError('ENOVERSION', `${name} has no version or tag "${selector.slice(0, 80)}".`, {
      facts: { name, version: selector.slice(0, 80) },
    });
  }

  async #tagged(name: string, tag: string): Promise<Version | undefined> {
    const tags = await this.#packages.distTags(name);
    return Object.hasOwn(tags, tag) ? tags[tag] : undefined;
  }

  /**
   * The version that an archive's file name stands for. Its archive is here then, fetched from its uplink if need be.
   * @throws PrompdError ENOVERSION
   * @throws RequestError EUPSTREAM
   */
  async versionOfFile(
    { package: { id, name, revision } }: FoundPackage,
    file: string,
  ): Promise<StoredArchive> {
    const raw = versionOfFileName(baseNameOf(name), file);
    const key = [id, revision, raw].join(' ');
    const ready = this.#versions.get(key);
    if (ready) return ready;
    const version = raw !== undefined && isVersion(raw) ? await this.#packages.version(name, raw) : undefined;
    if (!version) {
      if (raw !== undefined) await this.#assertNotRevoked(name, raw);
      throw new PrompdError('ENOVERSION', `${name} has no archive ${file.slice(0, 120)}.`, {
        facts: { name, file: file.slice(0, 120) },
      });
    }
    await this.#mirror.withArchive({ name }, version);
    // The manifest is left out: ten thousand of them would fill the memory.
    const archive = { id: version.id, integrity: version.integrity };
    this.#versions.set(key, archive);
    return archive;
  }

  /** @throws RequestError ECONFLICT for the archive of a version that is there */
  async assertNoArchive(found: FoundPackage, file: string): Promise<void> {
    const version = versionOfFileName(baseNameOf(found.package.name), file);
    if (version === undefined || !isVersion(version)) return;
    if (!(await this.#packages.version(found.name, version))) return;
    throw new RequestError('ECONFLICT', `${found.name}@${version} is there, and its archive stays with it.`, {
      facts: { name: found.name, version },
      hint: 'Unpublish the version.',
    });
  }

  /** Of a package that has no version left, the error: that the last was revoked, for those who may see the package. */
  async #gone(name: string, actor: Actor): Promise<PrompdError> {
    const { channels, authorize } = this.#parts;
    const reason = await channels.revocation(name, undefined);
    if (reason === undefined) return packageNotFound(name);
    const { access, owners, standing } = await this.#packages.holding(name, viewerOf(actor).user);
    authorize(actor, 'package.read', { kind: 'package', name, access, owners, standing });
    return versionRevoked(name, reason.version, reason.reason);
  }

  /** @throws PrompdError EREVOKED */
  async #assertNotRevoked(name: string, version: string): Promise<void> {
    const revoked = await this.#parts.channels.revocation(name, version);
    if (revoked) throw versionRevoked(name, version, revoked.reason);
  }

  search(actor: Actor, query: Omit<SearchQuery, 'viewer'>): Promise<SearchPage> {
    return this.#parts.search({ ...query, viewer: viewerOf(actor) });
  }

  /** What the packages that a search finds can be told apart by. */
  facets(actor: Actor, query: Omit<FacetQuery, 'viewer'>): Promise<Facets> {
    return this.#packages.facets({ ...query, viewer: viewerOf(actor) });
  }

  distTags({ name }: FoundPackage): Promise<Readonly<Record<string, Version>>> {
    return this.#packages.distTags(name);
  }

  owners({ name }: FoundPackage): Promise<readonly PackageOwner[]> {
    return this.#packages.owners(name);
  }

  /** Packages whose latest version depends on this one, so far as the actor may see them. */
  dependents(actor: Actor, { name }: FoundPackage, limit: number): Promise<DependentsPage> {
    return this.#packages.dependents(name, { viewer: viewerOf(actor), limit });
  }

  distTagMoves({ name }: FoundPackage): Promise<readonly DistTagMove[]> {
    return this.#packages.moves(name);
  }
}
