import { z } from 'zod';
import { PrompdError } from '../core/errors.js';
import type { HttpClient } from './http.js';
import { readAnswer } from './json-answer.js';
import { asker } from './prompd-ask.js';
import type { RegistryTrust } from './trust.js';

/** What a registry announces that has it. */
const CAPABILITY = 'trusted-publishing';

const missing = <T>(found: T | null | undefined): T | undefined => found ?? undefined;
const time = z.string().max(40);
const ruleSchema = z.object({
  id: z.int().positive(),
  issuer: z.string().max(500),
  repository: z.string().max(300),
  workflow: z.string().max(300),
  environment: z.string().max(300).nullish().transform(missing),
  ref: z.string().max(300).nullish().transform(missing),
  createdBy: z.string().max(500),
  createdAt: time,
  lastUsedAt: time.nullish().transform(missing),
});
const listSchema = z.object({ rules: z.array(ruleSchema).max(1000) });
const exchangedSchema = z.object({ token: z.string().min(1).max(4096) });

/**
 * Trusted publishing at a registry that speaks prompd's own protocol.
 * @param capabilities what the registry announces
 */
export function prompdTrust(
  http: HttpClient,
  registryUrl: string,
  capabilities: () => Promise<readonly string[]>,
): RegistryTrust {
  const ask = asker(http, registryUrl, 'the rules');
  return {
    add: async (place, draft) =>
      readAnswer(await ask('POST', pathOf(place), { body: draft, subject: place }), ruleSchema),
    list: async place => readAnswer(await ask('GET', pathOf(place), { subject: place }), listSchema).rules,
    async remove(place, id) {
      if (!/^[1-9]\d{0,8}$/.test(id)) {
        throw new PrompdError('ENOTFOUND', `There is no rule "${id.slice(0, 100)}".`, {
          facts: { registry: registryUrl, rule: id.slice(0, 100) },
          hint: `"prompd access trust list ${place}" shows the ids.`,
        });
      }
      await ask('DELETE', `${pathOf(place)}/${id}`, { subject: `rule ${id} of ${place}` });
    },
    async exchange(token, packageName) {
      if (!(await capabilities()).includes(CAPABILITY)) return undefined;
      const body = { token, package: packageName };
      const answer = await ask('POST', '-/oidc/exchange', { body, subject: packageName });
      return readAnswer(answer, exchangedSchema).token;
    },
  };
}

function pathOf(place: string): string {
  const isProject = place.startsWith('@') && !place.includes('/');
  return `${isProject ? 'projects' : 'packages'}/${encodeURIComponent(place)}/trust`;
}
