import pLimit from 'p-limit';
import { PrompdError } from '../../core/errors.js';
import { decideModel } from '../../core/model-policy.js';
import { isRegistrySource } from '../../core/package-key.js';
import type { LockedPackage, Lockfile } from '../../lockfile/index.js';
import { type CompatibilityMatrix, cellFor, connect } from '../../registry/index.js';
import type { Context } from '../context.js';
import type { InstallOptions } from './install-locked.js';

/** Registries asked at once. */
const CONCURRENCY = 8;
/** Prompts that a message names. */
const MAX_NAMED = 20;

/**
 * Looks whether the prompts of the packages that a project names itself were found to work with the model that they are
 * installed for. Nothing has been written when it refuses.
 * @param lockfile as it will be; @param options `model` undefined: nothing is looked at
 * @throws PrompdError EINCOMPATIBLE where the policy refuses; whatever the registries throw then
 */
export async function checkModel(
  context: Context,
  { root, packages }: Lockfile,
  { model: wanted, omitDev = false }: Pick<InstallOptions, 'model' | 'omitDev'>,
): Promise<void> {
  const { modelPolicy: policy } = context.config;
  if (wanted === undefined || policy === 'off') return;
  const direct = [...root.edges.values()].flatMap(key => packages.get(key) ?? []);
  const asked = direct.filter(({ dev }) => !(omitDev && dev));
  const limit = pLimit(CONCURRENCY);
  const messages = (await limit.map(asked, one => messagesOf(context, one, wanted))).flat();
  if (messages.length === 0) return;
  if (policy === 'warn') {
    for (const message of messages) context.progress.warn(message);
    return;
  }
  throw new PrompdError('EINCOMPATIBLE', messages[0] ?? '', {
    facts: { model: wanted, prompts: messages.slice(0, MAX_NAMED), total: messages.length },
  });
}

async function messagesOf(context: Context, locked: LockedPackage, wanted: string): Promise<string[]> {
  const { modelPolicy: policy } = context.config;
  const title = `${locked.name}@${locked.version}`;
  const matrix = await matrixOf(context, locked);
  if (typeof matrix === 'string') return [`${title}: ${matrix}`];
  return matrix.prompts.flatMap(row => {
    const cells = modelReadings(wanted).flatMap(one => cellFor(row, one) ?? []);
    const found = cells.find(({ status }) => status !== 'untested') ?? cells[0];
    const status = found?.status ?? 'untested';
    const { message } = decideModel(policy, status, { subject: `${title}:${row.prompt}`, model: wanted });
    return message === '' ? [] : [message];
  });
}

/** @returns why nothing is known, where the policy only warns */
async function matrixOf(
  context: Context,
  { source, name, version }: LockedPackage,
): Promise<CompatibilityMatrix | string> {
  if (!isRegistrySource(source)) return 'it is of no registry that would know of models.';
  try {
    const { compatibility } = connect(context, source);
    return (
      (await compatibility.matrix({ name, selector: version })) ?? 'its registry does not know of models.'
    );
  } catch (error) {
    if (!(error instanceof PrompdError) || context.config.modelPolicy !== 'warn') throw error;
    return `it is not known which models it works with. ${error.message}`;
  }
}

/**
 * A model as it may be meant: by its name alone, or with its provider before a slash. Names of models have slashes too: what
 * is before the first one may be a provider, or may not.
 */
export function modelReadings(
  wanted: string,
): readonly { readonly provider?: string; readonly model: string }[] {
  const slash = wanted.indexOf('/');
  const whole = { model: wanted };
  if (slash < 1) return [whole];
  return [whole, { provider: wanted.slice(0, slash), model: wanted.slice(slash + 1) }];
}
