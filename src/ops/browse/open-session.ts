import { DEFAULT_ALIAS, type NetworkConfig } from '../../config/config.js';
import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import { SILENT } from '../../core/progress.js';
import { parseSpecifier } from '../../core/specifier.js';
import { registryConfig } from '../../registry/index.js';
import { openMetadata } from '../../store/index.js';
import type { Context } from '../context.js';
import { withSwitches } from '../install/switches.js';
import { openProject } from '../project/project.js';
import { describePackage } from '../registry/info.js';
import { diff } from '../version/diff.js';
import { publishedTree } from './dependency-tree.js';
import { packageFinder } from './find-packages.js';
import { openedVersions } from './opened-versions.js';
import { packageMarks } from './package-marks.js';
import { browsePackuments } from './packuments.js';
import { projectDesk } from './project-changes.js';
import { Reach } from './reach.js';
import type { BrowseSession } from './session.js';

export interface BrowseOptions {
  /** Whether the packages for use anywhere are changed, instead of the project's. */
  readonly global: boolean;
}

/**
 * Opens what the browser asks and does: the default registry, the cache behind it, and the project that the user stands in.
 * @returns the session, and what ends it
 */
export async function openBrowseSession(
  outer: Context,
  { global }: BrowseOptions,
): Promise<{ readonly session: BrowseSession; readonly close: () => void }> {
  const { dir } = await openProject(outer, { global, merge: true });
  const context = reading(outer);
  const { network, home } = context.config;
  const metadata = openMetadata(home, () => {});
  const reach = new Reach({ now: context.now, offline: network.use === 'never' });
  const packuments = browsePackuments(context, { metadata, reach, searched: DEFAULT_ALIAS });
  const { searched } = packuments;
  const finder = packageFinder({ registry: searched, metadata, reach });
  const marks = packageMarks(context, packuments);
  const versions = openedVersions(context, reach);
  const session: BrowseSession = {
    registry: searched.url,
    project: dir,
    onOffline: listener => reach.listen(listener),
    search: (query, offset, signal) => finder.search(query, offset, signal),
    marks: name => marks(name),
    async detail(spec) {
      const { target } = parseSpecifier(spec);
      if (target.kind !== 'registry') throw notOfRegistry(spec);
      const answer = await packuments.answer(target.name);
      return describePackage(answer, target.selector, packuments.registry(target.name).url);
    },
    open: async (name, version) => (await versions.open(name, version)).version,
    preview: (prompt, values) => versions.preview(prompt, values),
    compare(name, from, to) {
      const packages = [`${name}@${from}`, `${name}@${to}`];
      const compared = (use?: NetworkConfig['use']) =>
        diff(withSwitches(context, { use }), { packages, contract: false, nameOnly: false });
      return reach.run(
        () => compared(),
        () => compared('never'),
      );
    },
    dependencies: (name, version) => publishedTree(packuments, name, version),
    dependents: name =>
      reach.run(
        () => packuments.registry(name).changes.dependents(name),
        async () => undefined,
      ),
    findings: async (name, version) => (await versions.open(name, version)).findings,
    ...projectDesk(outer, { dir, global }),
    pageOf: name => pageOf(context, name, packuments.registry(name).url),
  };
  return { session, close: () => metadata.close() };
}

/** Reading waits for nobody: what fails once is looked up in the cache, and tells nothing on the screen. */
function reading(context: Context): Context {
  const { config } = context;
  return { ...context, progress: SILENT, config: { ...config, network: { ...config.network, retries: 0 } } };
}

/** The public registry of npm has its pages elsewhere. */
const NPM = { registry: 'https://registry.npmjs.org/', pages: 'https://www.npmjs.com/package/' };

function pageOf({ config }: Context, name: PackageName, url: string): string {
  if (url === NPM.registry) return `${NPM.pages}${name}`;
  const known = [...config.registries.keys()].map(alias => registryConfig(config, alias));
  const protocol = known.find(registry => registry.url === url)?.protocol;
  return new URL(protocol === undefined || protocol === 'prompd' ? `web/package/${name}` : name, url).href;
}

function notOfRegistry(spec: string): PrompdError {
  return new PrompdError('EUSAGE', `"${spec.slice(0, 120)}" is not a package of a registry.`, {
    facts: { specifier: spec.slice(0, 120) },
  });
}
