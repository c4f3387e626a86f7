import { PrompdError } from '../../core/errors.js';
import type { PackageName } from '../../core/name.js';
import type { Progress } from '../../core/progress.js';
import type { Version } from '../../core/version.js';
import type { Context } from '../context.js';
import { install } from '../install/install.js';
import { installIfNeeded } from '../install/install-if-needed.js';
import { listProject } from '../install/list.js';
import { uninstall } from '../install/uninstall.js';
import { update } from '../update/update.js';
import { ProjectHistory } from './project-history.js';
import type { BrowseChange, BrowseProgress, BrowseSession, ChangeOptions } from './session.js';

type ProjectDesk = Pick<
  BrowseSession,
  'installedVersions' | 'install' | 'update' | 'remove' | 'undoable' | 'undo'
>;

export interface ProjectDeskOptions {
  /** The folder of the project, absolute. */
  readonly dir: string;
  readonly global: boolean;
}

/** What can be done with the project that the browser was opened in. */
export function projectDesk(context: Context, { dir, global }: ProjectDeskOptions): ProjectDesk {
  const history = new ProjectHistory(dir);

  const make = async (
    label: string,
    { progress }: ChangeOptions,
    change: (context: Context) => Promise<string>,
  ): Promise<BrowseChange> => {
    const talk = progressTo(progress);
    const { result, changed } = await history.make(label, () =>
      change({ ...context, progress: talk.progress }),
    );
    return { summary: `${result}${talk.warnings()}`, undoable: changed };
  };

  return {
    async installedVersions() {
      const { dependencies } = await listProject(context, { global });
      return new Map<string, Version>(
        dependencies.flatMap(({ locked, linked }) =>
          locked === undefined ? [] : [[locked.name, linked?.version ?? locked.version]],
        ),
      );
    },
    install: (spec, options) =>
      make(`install of ${spec}`, options, async inner => {
        const { requested, added } = await install(inner, { specs: [spec], global });
        const [one] = requested;
        const more = added.length > 1 ? `, ${added.length} packages in all` : '';
        return `Installed ${one === undefined ? spec : `${one.name} ${one.version}`}${more}.`;
      }),
    update: (name, options) =>
      make(`update of ${name}`, options, async inner => {
        const { latest = false } = options;
        await update(inner, { names: [name], latest, global });
        return updatedText(name, { version: await versionOf(context, name, global), latest });
      }),
    remove: (name, options) =>
      make(`removal of ${name}`, options, async inner => {
        await uninstall(inner, [await askedAs(context, name, global)], { global });
        return `Removed ${name}.`;
      }),
    undoable: () => history.last(),
    async undo({ progress }) {
      const { label, locked } = await history.takeBack(context);
      const talk = progressTo(progress);
      if (locked) await bringBack({ ...context, progress: talk.progress }, global);
      return { summary: `Took back the ${label}.${talk.warnings()}`, undoable: false };
    },
  };
}

/** The store may have lost what was not needed for a while. A lockfile that was out of step before is so again. */
async function bringBack(context: Context, global: boolean): Promise<void> {
  try {
    await installIfNeeded(context, { frozen: true, global });
  } catch (error) {
    if (!(error instanceof PrompdError) || error.code !== 'ELOCKOUTDATED') throw error;
  }
}

async function versionOf(context: Context, name: PackageName, global: boolean): Promise<Version | undefined> {
  const { dependencies } = await listProject(context, { global });
  return dependencies.find(({ locked }) => locked?.name === name)?.locked?.version;
}

function updatedText(
  name: PackageName,
  { version, latest }: { readonly version: Version | undefined; readonly latest: boolean },
): string {
  if (version === undefined) return `Updated ${name}.`;
  return `${name} is at ${version}, the ${latest ? 'latest' : 'highest that its range allows'}.`;
}

/** The name under which the project asks for a package. */
async function askedAs(context: Context, name: PackageName, global: boolean): Promise<string> {
  const { dependencies } = await listProject(context, { global });
  return dependencies.find(({ locked }) => locked?.name === name)?.asked ?? name;
}

/** What an operation tells while it works, for a screen on which nobody else may write. */
function progressTo(tell: (progress: BrowseProgress) => void): {
  readonly progress: Progress;
  readonly warnings: () => string;
} {
  let state: BrowseProgress | undefined;
  const said: string[] = [];
  const move = (next: BrowseProgress) => {
    state = next;
    tell(next);
  };
  return {
    progress: {
      start: (phase, total) => move({ phase, done: 0, total }),
      advance: () => state && move({ ...state, done: state.done + 1 }),
      stop() {},
      warn: message => void said.push(message),
      info() {},
      say() {},
    },
    warnings: () => (said.length === 0 ? '' : ` Warning: ${said.join(' ')}`),
  };
}
