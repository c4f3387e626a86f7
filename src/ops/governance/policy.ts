import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PrompdError } from '../../core/errors.js';
import { parseJson } from '../../core/json.js';
import type { ProjectPolicy } from '../../registry/index.js';
import type { Context } from '../context.js';
import { openGovernance } from './open-governance.js';

/** The policy of a project. @param project `@bank` or `bank`; @throws PrompdError ENOTFOUND, EAUTH, EUNSUPPORTED */
export async function getPolicy(context: Context, project: string): Promise<ProjectPolicy> {
  return (await openGovernance(context)).governance.policy(project);
}

/**
 * Sets the next version of a project's policy.
 * @param file as typed; `-` reads standard input
 * @throws PrompdError ENOFILE, EBADJSON; EUSAGE for a document that is no policy; EFORBIDDEN
 */
export async function setPolicy(
  context: Context,
  project: string,
  { file, reason }: { readonly file: string; readonly reason?: string | undefined },
): Promise<ProjectPolicy> {
  const text = file === '-' ? await context.readStdin() : await readText(context, file);
  const policy = parseJson(text, file);
  return (await openGovernance(context)).governance.setPolicy(project, policy, reason);
}

/**
 * Sets the policy that another admin proposed, exactly as it was proposed.
 * @throws PrompdError ENOTFOUND where nothing was proposed; EFOUREYES for who proposed it; EFORBIDDEN
 */
export async function confirmPolicy(
  context: Context,
  project: string,
  reason: string | undefined,
): Promise<ProjectPolicy> {
  const { governance } = await openGovernance(context);
  const { proposed } = await governance.policy(project);
  if (proposed) return governance.setPolicy(project, proposed.policy, reason);
  throw new PrompdError('ENOTFOUND', `Nobody proposed a policy for ${project.slice(0, 100)}.`, {
    facts: { project: project.slice(0, 100) },
    hint: `"prompd policy set ${project.slice(0, 100)}" proposes one, or sets it.`,
  });
}

async function readText({ cwd }: Context, file: string): Promise<string> {
  const text = await readFile(path.resolve(cwd, file), 'utf8').catch(() => undefined);
  if (text !== undefined) return text;
  throw new PrompdError('ENOFILE', `There is no file "${file}".`, { facts: { file } });
}
