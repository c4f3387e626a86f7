import type { PackageName } from '../../core/name.js';
import type { Version } from '../../core/version.js';
import type { Message, ParameterDefinition } from '../../prompt/index.js';
import type { Dependents, SearchHit } from '../../registry/index.js';
import type { Finding } from '../../scan/index.js';
import type { PackageInfo } from '../registry/info.js';
import type { PackageDiff } from '../version/diff.js';

/** What is looked for; filters that are absent let everything through. */
export interface BrowseQuery {
  readonly text: string;
  readonly category?: string | undefined;
  readonly author?: string | undefined;
  /** A keyword of the packages. */
  readonly tag?: string | undefined;
  /** A model that the prompts are to have been found to work with. */
  readonly model?: string | undefined;
  readonly sort: 'relevance' | 'downloads' | 'recency';
}

/** A part of what was found. */
export interface BrowsePage {
  readonly total: number;
  /** Index of the first of `hits` in all that was found. */
  readonly offset: number;
  readonly hits: readonly SearchHit[];
  /** Why there may be more than is told, as when only the first so many were looked through; undefined for all. */
  readonly note?: string | undefined;
}

/** What tells one package from another at a glance, of its latest version. */
export interface PackageMarks {
  /** By the registry or its author, as the registry says; `prompd audit signatures` proves it. */
  readonly signed: boolean;
  readonly approved: boolean;
  readonly deprecated: boolean;
}

export interface BrowsePrompt {
  readonly id: string;
  readonly file: string;
  readonly description: string;
  readonly parameters: readonly ParameterDefinition[];
  /** Why it cannot be used; undefined for one that can. */
  readonly broken: string | undefined;
}

/** One version of a package, opened: its texts and prompts. */
export interface BrowsedVersion {
  readonly name: PackageName;
  readonly version: Version;
  /** Markdown; '' where there is none. */
  readonly readme: string;
  readonly prompts: readonly BrowsePrompt[];
}

/** What a prompt becomes with values, or why it does not. */
export type BrowsePreview =
  | { readonly kind: 'messages'; readonly messages: readonly Message[] }
  | { readonly kind: 'problem'; readonly problems: readonly string[] };

/** A dependency, and what it depends on itself. */
export interface BrowseTreeNode {
  readonly name: string;
  /** What is asked of it. */
  readonly range: string;
  /** What that gives today; undefined when nothing does. */
  readonly version: string | undefined;
  /** Why its own dependencies are not shown. */
  readonly cut?: 'repeated' | 'deep' | 'unknown' | undefined;
  readonly dependencies: readonly BrowseTreeNode[];
}

/** How far a change is. */
export interface BrowseProgress {
  readonly phase: string;
  readonly done: number;
  readonly total: number | undefined;
}

/** What goes with a change that takes its time. */
export interface ChangeOptions {
  readonly progress: (progress: BrowseProgress) => void;
}

/** A change that was made. */
export interface BrowseChange {
  /** What was done, in a sentence. */
  readonly summary: string;
  /** Whether `undo` takes it back. */
  readonly undoable: boolean;
}

/**
 * All that the browser can ask for and do. It is made by `openBrowseSession`, and handed in: the screen itself knows no
 * operation. Each method throws PrompdError, and the reason of its signal when that is aborted.
 */
export interface BrowseSession {
  /** Address of the registry that is searched. */
  readonly registry: string;
  /** The folder whose project is changed, absolute. */
  readonly project: string;
  /** Tells at once, and from then on, whether answers come from the cache because the registry cannot be reached. */
  onOffline(listener: (offline: boolean) => void): () => void;
  /** @param offset index of the first result that is wanted */
  search(query: BrowseQuery, offset: number, signal: AbortSignal): Promise<BrowsePage>;
  marks(name: PackageName, signal: AbortSignal): Promise<PackageMarks>;
  /** @param spec a name, with a version after "@" for another than the latest */
  detail(spec: string, signal: AbortSignal): Promise<PackageInfo>;
  open(name: PackageName, version: Version, signal: AbortSignal): Promise<BrowsedVersion>;
  /** @param values text by parameter; an empty one counts as not given */
  preview(
    prompt: { readonly name: PackageName; readonly version: Version; readonly id: string },
    values: Readonly<Record<string, string>>,
  ): Promise<BrowsePreview>;
  compare(name: PackageName, from: Version, to: Version, signal: AbortSignal): Promise<PackageDiff>;
  dependencies(name: PackageName, version: Version, signal: AbortSignal): Promise<readonly BrowseTreeNode[]>;
  /** Undefined where the registry does not tell. */
  dependents(name: PackageName, signal: AbortSignal): Promise<Dependents | undefined>;
  findings(name: PackageName, version: Version, signal: AbortSignal): Promise<readonly Finding[]>;
  /** Version that the project has of each package it names. */
  installedVersions(): Promise<ReadonlyMap<string, Version>>;
  /** @param spec a name, with a version, range or tag after "@" if another than the latest is meant */
  install(spec: string, options: ChangeOptions): Promise<BrowseChange>;
  /** @param options.latest also outside the range that the manifest has, which is written anew */
  update(name: PackageName, options: ChangeOptions & { readonly latest?: boolean }): Promise<BrowseChange>;
  remove(name: PackageName, options: ChangeOptions): Promise<BrowseChange>;
  /** What `undo` would take back; undefined for nothing. */
  undoable(): string | undefined;
  /** @throws PrompdError EUSAGE when there is nothing, or the project was changed by something else since */
  undo(options: ChangeOptions): Promise<BrowseChange>;
  /** Where a package is shown on the web. */
  pageOf(name: PackageName): string;
}
