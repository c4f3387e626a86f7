import path from 'node:path';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { checkProjectManifest, MANIFEST_FILE, type ProjectManifest } from '../core/manifest.js';
import type { Context } from '../ops/context.js';
import { folderReader, isInside } from '../ops/prompts/prompt-files.js';
import { folderPackage, lenient } from '../ops/prompts/prompt-packages.js';
import { PackageFiles, type PromptFile, type PromptPackage } from '../prompt/index.js';
import { pathOfUri } from './file-uri.js';

/** The folder that a file belongs to: the nearest one with a prompd.json, or what stands in for it. */
export interface Root {
  /** Absolute. */
  readonly dir: string;
  /** Text of its prompd.json, as the editor has it or from disk; undefined where there is none. */
  readonly manifestText: string | undefined;
  /** What it says; undefined where there is none, or it has errors. */
  readonly manifest: ProjectManifest | undefined;
}

/** The files of one root as one answer sees them, and what it took to make it. */
export interface Files {
  readonly root: Root;
  /** The root as prompts see it: open documents before files, dependencies from the store. */
  readonly owner: PromptPackage;
  /** Absolute paths of what was read, or looked for and not there. */
  readonly reads: ReadonlySet<string>;
  /** Absolute path of a file as problems name it. */
  absolute(shown: string): string;
  /** Path of a file inside of the root, with forward slashes. */
  inner(file: string): string;
  /** A file of the root, and where what it refers to is found. */
  open(file: string): Promise<{ file: PromptFile | undefined; files: PackageFiles }>;
}

/** The open documents of an editor over the files on disk. Nothing here asks a registry. */
export class Workspace {
  /** Absolute folders that are open in the editor. */
  folders: readonly string[] = [];

  constructor(
    readonly context: Context,
    private readonly documents: { all(): readonly TextDocument[] },
  ) {}

  /** The absolute path of a document; one that was never saved counts as lying in the folder that is worked in. */
  pathOf({ uri }: Pick<TextDocument, 'uri'>): string {
    const known = pathOfUri(uri);
    if (known !== undefined) return known;
    const name = uri.replace(/^[^:]*:/, '').replace(/[^\w.-]+/g, '-');
    return path.join(this.folders[0] ?? this.context.cwd, name || 'untitled');
  }

  documentAt(file: string): TextDocument | undefined {
    return this.documents.all().find(document => this.pathOf(document) === file);
  }

  openDocuments(): readonly TextDocument[] {
    return this.documents.all();
  }

  /** The text of a file: as an editor has it, else from disk; undefined when there is none or it is no file. */
  async text(file: string): Promise<string | undefined> {
    const open = this.documentAt(file);
    if (open) return open.getText();
    const bytes = await readBelow(path.dirname(file))(path.basename(file));
    return bytes && new TextDecoder().decode(bytes);
  }

  /** Whether a file belongs to an installed package: those cannot be edited. */
  isInstalled(file: string): boolean {
    const inStore = isInside(path.join(this.context.config.home, 'packages'), file);
    return inStore || file.split(path.sep).includes('prompd_packages');
  }

  /** @param file absolute */
  async rootOf(file: string): Promise<Root> {
    const own = path.dirname(file);
    for (let dir = own; ; dir = path.dirname(dir)) {
      const text = await this.text(path.join(dir, MANIFEST_FILE));
      if (text !== undefined) {
        return { dir, manifestText: text, manifest: checkProjectManifest(text).manifest };
      }
      if (path.dirname(dir) === dir) break;
    }
    const folder = this.folders.find(candidate => isInside(candidate, file));
    return { dir: folder ?? own, manifestText: undefined, manifest: undefined };
  }

  /** The files of the root that a file belongs to. @param file absolute */
  async filesOf(file: string): Promise<Files> {
    const root = await this.rootOf(file);
    const reads = new Set([file, path.join(root.dir, MANIFEST_FILE)]);
    const labels = new Map<string, string>();
    const owner = this.packageOf(root, { reads, labels });
    return {
      root,
      owner,
      reads,
      absolute(shown) {
        for (const [label, dir] of labels)
          if (shown.startsWith(`${label}/`)) return path.join(dir, shown.slice(label.length + 1));
        return path.join(root.dir, shown);
      },
      inner: other => path.relative(root.dir, other).split(path.sep).join('/'),
      async open(other) {
        const files = new PackageFiles(owner);
        const inner = path.relative(root.dir, other).split(path.sep).join('/');
        return { file: await files.open(inner), files };
      },
    };
  }

  private packageOf(root: Root, log: { reads: Set<string>; labels: Map<string, string> }): PromptPackage {
    const { dir, manifest = {} } = root;
    const onDisk = readBelow(dir);
    const folder = lenient(folderPackage(this.context, dir, { manifest, label: '' }));
    const noted = (target: PromptPackage): PromptPackage => ({
      ...target,
      async dependency(name) {
        const found = await target.dependency(name);
        if (found?.dir !== undefined) log.labels.set(found.label, found.dir);
        return found && noted(found);
      },
    });
    return {
      ...noted(folder),
      read: async inner => {
        const file = path.join(dir, ...inner.split('/'));
        log.reads.add(file);
        const open = this.documentAt(file);
        return open ? Buffer.from(open.getText()) : onDisk(inner);
      },
    };
  }
}

/** As `folderReader`, for a folder that need not be there. */
function readBelow(dir: string): (inner: string) => Promise<Uint8Array | undefined> {
  const read = folderReader(dir);
  return async inner => {
    try {
      return await read(inner);
    } catch {
      return undefined;
    }
  };
}
