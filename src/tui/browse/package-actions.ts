import type { PackageName } from '../../core/name.js';
import type { PackageKey } from './search/search-keys.js';
import type { TabProps } from './tab.js';

export interface ActionTarget {
  readonly name: PackageName;
  /** What is shown of it. */
  readonly version: string;
  /** Whether that is what an install takes by itself. */
  readonly isLatest: boolean;
  /** What the project has of it. */
  readonly installed: string | undefined;
}

/** Does to a package what a key asks for. */
export function actOnPackage(
  {
    session,
    change,
    ask,
    notify,
    terminal,
  }: Pick<TabProps, 'session' | 'change' | 'ask' | 'notify' | 'terminal'>,
  { name, version, isLatest, installed }: ActionTarget,
): (key: PackageKey) => void {
  const spec = isLatest ? name : `${name}@${version}`;
  const missing = () => notify({ text: `${name} is not installed in ${session.project}.`, tone: 'warn' });
  const actions: Readonly<Record<PackageKey, () => void>> = {
    install: () =>
      installed === version
        ? notify({ text: `${name} ${version} is installed already.` })
        : change(`Installing ${spec}`, options => session.install(spec, options)),
    update: () =>
      installed === undefined
        ? missing()
        : change(`Updating ${name}`, options => session.update(name, options)),
    async remove() {
      if (installed === undefined) return missing();
      if (await ask(`Remove ${name} from ${session.project}?`))
        change(`Removing ${name}`, options => session.remove(name, options));
    },
    async web() {
      const url = session.pageOf(name);
      notify({ text: url });
      if (await terminal.open(url)) notify({ text: `Opened ${url}` });
    },
    copy() {
      terminal.copy(`${name}@${version}`);
      notify({ text: `Copied ${name}@${version}` });
    },
  };
  return key => actions[key]();
}
