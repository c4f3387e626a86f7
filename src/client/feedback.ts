import { refusal } from './delivery-requests.js';
import type { ClientSettings } from './options.js';
import { readJsonBody, requestRegistry } from './registry-requests.js';

/** What came of using a prompt. */
export interface Feedback {
  readonly package: string;
  readonly prompt: string;
  readonly version: string;
  /** Who used it: the key that the prompt was got with. */
  readonly key?: string | undefined;
  /** A short word of the application, such as `accepted`. */
  readonly outcome: string;
  readonly score?: number | undefined;
  readonly note?: string | undefined;
}

/** @throws PrompdError as the registry refuses it; ENETWORK, ETIMEOUT */
export async function sendFeedback(
  settings: Pick<ClientSettings, 'registry' | 'token' | 'fetch' | 'timeoutMs'>,
  feedback: Feedback,
): Promise<void> {
  const signal = AbortSignal.timeout(settings.timeoutMs);
  const answer = await requestRegistry(settings, { path: 'delivery/feedback', body: feedback, signal });
  if (answer.status === 202) {
    await answer.body?.cancel().catch(() => {});
    return;
  }
  const body = await readJsonBody(answer, settings.registry, signal);
  const { package: name, prompt, version } = feedback;
  throw refusal(answer.status, body, `${name}@${version}:${prompt}`, settings.registry);
}
