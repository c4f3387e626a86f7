import { z } from 'zod';
import { PrompdError } from '../../core/errors.js';
import { readAnswer } from '../json-answer.js';
import { jsonLimits } from '../json-limits.js';
import { refuseStranger } from '../redirect-rules.js';
import type { Identity } from '../registry.js';
import { unsupported } from './document.js';
import { hasNoRoute, npmError } from './error.js';
import type { Place } from './place.js';

const whoamiSchema = z.object({ username: z.string().min(1).max(214).optional() });

/**
 * Whom the registry takes the holder of the token for. npm registries do not tell what a token may do.
 * @throws PrompdError EAUTH also where the registry answers politely that it knows nobody; EUNSUPPORTED where it does not
 *   tell, as Azure Artifacts and GitLab
 */
export async function whoami({ http, url }: Place): Promise<Identity> {
  const address = new URL('-/whoami', url);
  const answer = await http.send({
    method: 'GET',
    url: address,
    headers: { accept: 'application/json' },
    ...jsonLimits(address),
  });
  if (hasNoRoute(answer) && !answer.redirected)
    throw unsupported('ask whom it takes them for', url, 'What needs a token shows whether it is accepted.');
  if (answer.status !== 200) throw npmError(answer, 'whoami', url);
  refuseStranger(answer, address);
  const { username } = readAnswer(answer, whoamiSchema);
  if (username !== undefined) return { name: username, scopes: undefined };
  throw new PrompdError('EAUTH', `${url} does not accept the token.`, {
    facts: { registry: url },
    hint: `Run "prompd login --registry ${url}".`,
  });
}
