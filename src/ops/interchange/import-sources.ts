import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { PrompdError } from '../../core/errors.js';
import { MANIFEST_FILE } from '../../core/manifest.js';
import { systemCode } from '../../core/system-code.js';
import {
  decodeText,
  type ForeignFile,
  type ForeignFormat,
  isCompany,
  kindByContent,
  kindByName,
  type MessageRole,
  type Note,
  titleOf,
  unreadable,
} from '../../interchange/index.js';
import { isNeverPacked } from '../../tarball/index.js';
import { readSkillFiles } from './skill-files.js';

/** Something that one prompt is made of. */
export type ImportSource =
  | { readonly kind: 'prompd'; readonly shown: string; readonly file: string }
  | {
      readonly kind: 'pair';
      readonly shown: string;
      readonly title: string;
      readonly files: readonly { readonly role: MessageRole; readonly file: ForeignFile }[];
    }
  | {
      readonly kind: 'file';
      readonly shown: string;
      readonly format: ForeignFormat;
      readonly file: ForeignFile;
      readonly role?: MessageRole | undefined;
      /** Whether the file itself was asked for, and not a folder above it. */
      readonly isNamed: boolean;
      /** Files beside a skill, by path from its folder. */
      readonly companions: ReadonlyMap<string, Uint8Array>;
      /** Partials beside a dotprompt file, by name. */
      readonly partials: ReadonlyMap<string, ForeignFile>;
    };

export interface SourceOptions {
  readonly cwd: string;
  /** What every file is taken for, whatever its name. */
  readonly format?: ForeignFormat | 'prompd' | undefined;
  readonly note: (note: Note) => void;
}

const MAX_SEEN = 20_000;
const MAX_DEPTH = 30;
/** As many as a manifest can name. */
const MAX_SOURCES = 500;
/** Larger files are never read: no prompt has as much. */
const MAX_BYTES = 4 * 1024 * 1024;
const PAIR = /^(system|user|assistant|context)\.(?:md|markdown|txt)$/i;

/**
 * Finds what is to be imported below some paths. Links are not followed, hidden folders and installed packages left out.
 * @param words paths as typed
 * @throws PrompdError ENOFILE; EUSAGE for a folder that is a package; EIMPORT for a file that is named and no prompt
 */
export async function findSources(words: readonly string[], options: SourceOptions): Promise<ImportSource[]> {
  const finder = new SourceFinder(options);
  for (const word of words) await finder.add(word);
  return finder.sources;
}

class SourceFinder {
  readonly sources: ImportSource[] = [];
  private seen = 0;
  private readonly partialsByDir = new Map<string, Promise<Map<string, ForeignFile>>>();

  constructor(private readonly options: SourceOptions) {}

  async add(word: string): Promise<void> {
    const file = path.resolve(this.options.cwd, word);
    const stats = await stat(file).catch(() => undefined);
    if (stats?.isDirectory()) {
      const before = this.sources.length;
      await this.folder(file, 0);
      if (this.sources.length > before) return;
      throw new PrompdError('EIMPORT', `There is no prompt in "${word}".`, {
        facts: { folder: file },
        hint: 'Prompts are .prompty, .prompt, .md and .txt files, conversations in JSON or YAML, and SKILL.md.',
      });
    }
    if (!stats?.isFile()) {
      throw new PrompdError('ENOFILE', `There is no file "${word}".`, { facts: { file: word } });
    }
    if (!(await this.file(file, true))) {
      throw unreadable(this.shown(file), 'it holds no conversation', 'Name its format with "--format".');
    }
  }

  private async folder(dir: string, depth: number): Promise<void> {
    if (depth > MAX_DEPTH) throw unreadable(this.shown(dir), `its folders are more than ${MAX_DEPTH} deep`);
    const entries = await this.entries(dir);
    const names = entries.files;
    if (names.includes(MANIFEST_FILE)) {
      if (depth === 0) throw isPackage(this.shown(dir));
      this.skipped(dir, 'package', 'It is a package already; it is left out.');
      return;
    }
    const skill = names.find(name => /^skill\.md$/i.test(name));
    if (skill !== undefined && this.options.format === undefined) return this.skill(dir, skill);
    const pair = await this.pair(dir, names);
    const rest: string[] = [];
    for (const name of names) {
      if (pair.includes(name)) continue;
      if (isCompany(name) || !(await this.file(path.join(dir, name), false))) rest.push(name);
    }
    const others = rest.filter(name => !/^_.*\.prompt$/i.test(name));
    if (others.length > 0) this.skipped(dir, 'not prompts', `Left out: ${listed(others)}.`);
    for (const name of entries.folders) await this.folder(path.join(dir, name), depth + 1);
  }

  private async entries(dir: string): Promise<{ files: string[]; folders: string[] }> {
    const entries = await readdir(dir, { withFileTypes: true }).catch((error: unknown) => {
      throw unreadable(this.shown(dir), `the folder cannot be read (${systemCode(error) ?? 'unknown'})`);
    });
    this.seen += entries.length;
    if (this.seen > MAX_SEEN)
      throw unreadable(this.shown(dir), `the folder holds more than ${MAX_SEEN} files`);
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    const usual = entries.filter(({ name }) => !name.startsWith('.') && !isNeverPacked(name));
    const links = usual.filter(entry => entry.isSymbolicLink()).map(({ name }) => name);
    if (links.length > 0) this.skipped(dir, 'links', `They are not followed: ${listed(links)}.`);
    return {
      files: usual.filter(entry => entry.isFile()).map(({ name }) => name),
      folders: usual.filter(entry => entry.isDirectory()).map(({ name }) => name),
    };
  }

  /** A folder with a system.md or a user.md is one prompt. @returns the names that belong to it */
  private async pair(dir: string, names: readonly string[]): Promise<string[]> {
    const { format } = this.options;
    const found = names.filter(name => PAIR.test(name));
    const usable = found.some(name => /^(?:system|user)\./i.test(name));
    if (!usable || (format !== undefined && format !== 'markdown')) return [];
    const files = await Promise.all(
      found.map(async name => ({
        role: roleByName(name) ?? 'system',
        file: await this.read(path.join(dir, name)),
      })),
    );
    const order: readonly MessageRole[] = ['system', 'user', 'assistant'];
    files.sort((a, b) => order.indexOf(a.role) - order.indexOf(b.role));
    const said = files.filter(({ file }) => file.text.trim() !== '');
    if (said.length > 0)
      this.push({ kind: 'pair', shown: this.shown(dir), title: path.basename(dir), files: said });
    return found;
  }

  /** @returns whether the file is a prompt */
  private async file(file: string, named: boolean): Promise<boolean> {
    const name = path.basename(file);
    const byName = kindByName(name);
    const { format } = this.options;
    if (!named && (byName === undefined || (byName === 'dotprompt' && name.startsWith('_')))) return false;
    if (format === 'prompd' || (format === undefined && byName === 'prompd')) {
      this.push({ kind: 'prompd', shown: this.shown(file), file });
      return true;
    }
    if (!named && byName === 'prompd') return false;
    if (!named && byName === 'data' && (await stat(file)).size > MAX_BYTES) return false;
    if (named && format === undefined && byName === 'skill') {
      await this.skill(path.dirname(file), name);
      return true;
    }
    const read = await this.readUnless(file, !named && byName === 'data');
    if (read === undefined) return false;
    const kind = format ?? kindByContent(byName, read.text, read.path);
    if (kind === undefined || kind === 'prompd') return false;
    if (!named && byName === 'data' && kind !== 'chat' && format === undefined) return false;
    this.push({
      kind: 'file',
      shown: read.path,
      format: kind,
      file: read,
      role: kind === 'markdown' || kind === 'text' ? roleByName(name) : undefined,
      isNamed: named,
      companions: new Map(),
      partials: kind === 'dotprompt' ? await this.partials(path.dirname(file)) : new Map(),
    });
    return true;
  }

  /** A skill is its whole folder: the texts beside SKILL.md come along. */
  private async skill(dir: string, name: string): Promise<void> {
    const file = await this.read(path.join(dir, name));
    const companions = await readSkillFiles(dir, {
      main: name,
      shown: inner => this.shown(inner),
      note: this.options.note,
    });
    this.push({
      kind: 'file',
      shown: file.path,
      format: 'skill',
      isNamed: false,
      file: { ...file, title: path.basename(dir) },
      companions,
      partials: new Map(),
    });
  }

  /** Read once for a folder, however many prompts of it may use them. */
  private partials(dir: string): Promise<Map<string, ForeignFile>> {
    const reading = this.partialsByDir.get(dir) ?? this.readPartials(dir);
    this.partialsByDir.set(dir, reading);
    return reading;
  }

  private async readPartials(dir: string): Promise<Map<string, ForeignFile>> {
    const found = (await this.entries(dir)).files
      .filter(name => /^_.+\.prompt$/i.test(name))
      .slice(0, MAX_SOURCES);
    const partials = new Map<string, ForeignFile>();
    for (const name of found)
      partials.set(name.slice(1, -'.prompt'.length), await this.read(path.join(dir, name)));
    return partials;
  }

  private async readUnless(file: string, mayFail: boolean): Promise<ForeignFile | undefined> {
    try {
      return await this.read(file);
    } catch (error) {
      if (mayFail && error instanceof PrompdError) return undefined;
      throw error;
    }
  }

  private async read(file: string): Promise<ForeignFile> {
    const shown = this.shown(file);
    const { size } = await stat(file);
    if (size > MAX_BYTES) throw unreadable(shown, `it has ${size} bytes, and the limit is ${MAX_BYTES}`);
    return {
      path: shown,
      title: titleOf(path.basename(file)),
      text: decodeText(await readFile(file), shown),
    };
  }

  private push(source: ImportSource): void {
    if (this.sources.some(({ shown }) => shown === source.shown)) return;
    if (this.sources.length >= MAX_SOURCES)
      throw unreadable(source.shown, `a package has at most ${MAX_SOURCES} prompts`);
    this.sources.push(source);
  }

  private skipped(dir: string, what: string, why: string): void {
    this.options.note({ file: this.shown(dir), what, why });
  }

  /** A path as the user knows it. */
  private shown(file: string): string {
    const relative = path.relative(this.options.cwd, file).split(path.sep).join('/');
    return relative === '' ? '.' : relative.startsWith('..') ? file : relative;
  }
}

function roleByName(name: string): MessageRole | undefined {
  const word = PAIR.exec(name)?.[1]?.toLowerCase();
  if (word === 'user' || word === 'assistant') return word;
  return word === undefined ? undefined : 'system';
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 8).join(', ');
  return names.length > 8 ? `${shown} and ${names.length - 8} more` : shown;
}

function isPackage(folder: string): PrompdError {
  return new PrompdError('EUSAGE', `"${folder}" is a package of prompts already.`, {
    facts: { folder },
    hint: 'Name the files in it that are to be imported.',
  });
}
