import { setTimeout as sleep } from 'node:timers/promises';
import { DEFAULT_ALIAS } from '../../config/config.js';
import { PrompdError } from '../../core/errors.js';
import { type CompatibilityRun, connectTo, type Registry, registryConfig } from '../../registry/index.js';
import type { Context } from '../context.js';
import { requireToken } from '../registry/account.js';
import { openForChange, openForReading } from '../registry/change-target.js';
import { openTested } from './compatibility.js';

/** Milliseconds between two looks at a run. */
const LOOK_MS = 1000;
const OVER = ['done', 'failed', 'cancelled'];

export interface RunResult {
  readonly registry: string;
  readonly run: CompatibilityRun;
}

export interface RunList {
  readonly registry: string;
  /** Or the request that was named. */
  readonly package: string;
  readonly runs: readonly CompatibilityRun[];
}

/** Whether a run changes no more. */
export function isOver({ state }: CompatibilityRun): boolean {
  return OVER.includes(state);
}

/**
 * Has the registry run the tests of a version against its models.
 * @param spec a package, with a version, range or tag after `@` if there is one; or the id of a request for approval
 * @param models as typed, `provider/model`; empty for those of the version that the registry asks
 * @throws PrompdError EUSAGE, EAUTH, EFORBIDDEN, ENOTFOUND, ENOVERSION, EUNSUPPORTED
 */
export async function startRun(
  context: Context,
  spec: string,
  { models, follow }: { readonly models: readonly string[]; readonly follow: boolean },
): Promise<RunResult> {
  const asked = models.map(modelOf);
  const { registry, of } = await openTested(context, spec, openForChange);
  const run = await registry.compatibility.start(of, asked.length === 0 ? undefined : asked);
  return { registry: registry.url, run: follow ? await untilOver(context, registry, run) : run };
}

/** The runs of a version, newest first. @throws as {@link startRun} */
export async function listRuns(context: Context, spec: string): Promise<RunList> {
  const { registry, of } = await openTested(context, spec, openForReading);
  const runs = await registry.compatibility.runs(of);
  return { registry: registry.url, package: 'request' in of ? of.request : of.name, runs };
}

/** A run as it is, or with `follow` once it is over. @throws PrompdError ENOTFOUND, EAUTH */
export async function showRun(context: Context, id: string, follow: boolean): Promise<RunResult> {
  const registry = await open(context);
  const run = await registry.compatibility.run(id);
  return { registry: registry.url, run: follow ? await untilOver(context, registry, run) : run };
}

/** Stops a run. @throws PrompdError ENOTFOUND, EAUTH, EFORBIDDEN */
export async function cancelRun(context: Context, id: string): Promise<RunResult> {
  const registry = await open(context);
  return { registry: registry.url, run: await registry.compatibility.cancel(id) };
}

/** Looks now and then, and says how far it is. */
async function untilOver(
  { progress }: Context,
  registry: Registry,
  begun: CompatibilityRun,
): Promise<CompatibilityRun> {
  let run = begun;
  let said = '';
  while (!isOver(run)) {
    const words = `${run.state}, ${run.done} of ${run.total ?? '?'} requests`;
    if (words !== said) progress.info(`${run.id}: ${words}`);
    said = words;
    await sleep(LOOK_MS);
    run = await registry.compatibility.run(run.id);
  }
  return run;
}

async function open(context: Context): Promise<Registry> {
  const registry = registryConfig(context.config, DEFAULT_ALIAS);
  return connectTo(context, registry, await requireToken(context, registry));
}

function modelOf(typed: string): { provider: string; model: string } {
  const [provider = '', ...rest] = typed.split('/');
  const model = rest.join('/');
  if (provider !== '' && model !== '') return { provider, model };
  throw new PrompdError('EUSAGE', `"${typed.slice(0, 120)}" is no model.`, {
    facts: { found: typed.slice(0, 120) },
    hint: 'Write it as "openai/gpt-4o".',
  });
}
