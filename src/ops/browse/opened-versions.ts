import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import type { SourceTree } from '../../core/source-tree.js';
import type { Version } from '../../core/version.js';
import {
  coerceParameters,
  type LoadedPrompt,
  loadPrompt,
  PackageFiles,
  type PromptPackage,
  renderPrompt,
} from '../../prompt/index.js';
import type { Finding } from '../../scan/index.js';
import { scanPackage } from '../audit/scan-package.js';
import type { Context } from '../context.js';
import { withSuppliers } from '../install/suppliers.js';
import { withSwitches } from '../install/switches.js';
import { publishedPackages } from '../version/published-packages.js';
import type { Reach } from './reach.js';
import type { BrowsedVersion, BrowsePreview, BrowsePrompt } from './session.js';

/** Versions that are kept open. */
const MAX_OPEN = 20;
/** The longest README that is shown, in bytes. */
const MAX_README_BYTES = 512 * 1024;
const README = /^readme(?:\.(?:md|markdown|txt))?$/i;

interface Opened {
  readonly version: BrowsedVersion;
  readonly prompts: ReadonlyMap<string, LoadedPrompt>;
  readonly findings: readonly Finding[];
}

/** Versions of packages, read without being installed: from the cache of archives, or fetched and verified. */
export interface OpenedVersions {
  open(name: PackageName, version: Version): Promise<Opened>;
  preview(
    prompt: { readonly name: PackageName; readonly version: Version; readonly id: string },
    values: Readonly<Record<string, string>>,
  ): Promise<BrowsePreview>;
}

/** @param context whose progress says nothing: it is not what the user waits for */
export function openedVersions(context: Context, reach: Reach): OpenedVersions {
  const kept = new Map<string, Promise<Opened>>();
  const open = (name: PackageName, version: Version): Promise<Opened> => {
    const key = `${name}@${version}`;
    const opened =
      kept.get(key) ??
      reach.run(
        () => readVersion(context, name, version),
        () => readVersion(withSwitches(context, { use: 'never' }), name, version),
      );
    kept.delete(key);
    kept.set(key, opened);
    opened.catch(() => kept.delete(key));
    const oldest = kept.keys().next();
    if (kept.size > MAX_OPEN && !oldest.done) kept.delete(oldest.value);
    return opened;
  };
  return {
    open,
    async preview({ name, version, id }, values) {
      const { prompts } = await open(name, version);
      const prompt = prompts.get(id);
      if (!prompt) return { kind: 'problem', problems: [`${id} cannot be rendered.`] };
      return rendered(prompt, values);
    },
  };
}

async function readVersion(context: Context, name: PackageName, version: Version): Promise<Opened> {
  return withSuppliers(context, { dir: context.cwd, lockfile: undefined }, async suppliers => {
    const {
      tree,
      manifest,
      prompts: owner,
    } = await publishedPackages(context, suppliers).open(name, version);
    const shown: BrowsePrompt[] = [];
    const prompts = new Map<string, LoadedPrompt>();
    for (const [id, file] of Object.entries(owner.prompts)) {
      const { prompt, problem } = await readPrompt(owner, file);
      if (prompt) prompts.set(id, prompt);
      shown.push({
        id,
        file,
        description: prompt?.document.frontMatter.description ?? '',
        parameters: prompt?.parameters.map(({ definition }) => definition) ?? [],
        broken: problem,
      });
    }
    return {
      version: { name, version, readme: await readmeOf(tree), prompts: shown },
      prompts,
      findings: await scanPackage(tree, manifest, { dependency: owner.dependency }),
    };
  });
}

async function readPrompt(
  owner: PromptPackage,
  path: string,
): Promise<{ readonly prompt?: LoadedPrompt; readonly problem: string | undefined }> {
  try {
    const files = new PackageFiles(owner);
    const file = await files.open(path);
    if (!file) return { problem: `There is no file "${path}".` };
    const { prompt, problems } = await loadPrompt(file, files);
    if (prompt) return { prompt, problem: undefined };
    return { problem: problems[0]?.message ?? 'It cannot be loaded.' };
  } catch (error) {
    if (error instanceof PrompdError) return { problem: error.message };
    throw error;
  }
}

async function readmeOf(tree: SourceTree): Promise<string> {
  const path = tree.paths.find(file => README.test(file));
  const bytes = path === undefined ? undefined : await tree.read(path);
  if (!bytes) return '';
  return new TextDecoder().decode(bytes.subarray(0, MAX_README_BYTES));
}

/** As `prompd render` renders, with texts as from its flags. */
function rendered(prompt: LoadedPrompt, values: Readonly<Record<string, string>>): BrowsePreview {
  const definitions = prompt.parameters.map(({ definition }) => definition);
  const flags = Object.fromEntries(Object.entries(values).filter(([, text]) => text !== ''));
  const given = coerceParameters(definitions, { flags });
  if (given.faults.length > 0)
    return { kind: 'problem', problems: given.faults.map(({ message }) => message) };
  try {
    return { kind: 'messages', messages: renderPrompt(prompt, given.values).messages };
  } catch (error) {
    if (error instanceof PrompdError) return { kind: 'problem', problems: [error.message] };
    throw error;
  }
}
