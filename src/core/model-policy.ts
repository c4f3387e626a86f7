/** What is done about prompts that were not found to work with the model that is asked for. */
export const MODEL_POLICIES = ['warn', 'refuse', 'off'] as const;
export type ModelPolicy = (typeof MODEL_POLICIES)[number];

/** What is known of a prompt and a model. Evidence that has expired leaves it `untested`. */
export const COMPATIBILITY_STATUSES = ['works', 'needs-tuning', 'not-supported', 'untested'] as const;
export type CompatibilityStatus = (typeof COMPATIBILITY_STATUSES)[number];

/** What the policy says of one prompt. */
export interface ModelDecision {
  readonly decision: 'allow' | 'warn' | 'refuse';
  /** One sentence; empty when there is nothing to say. */
  readonly message: string;
}

/**
 * Decides whether a prompt is installed for, or delivered to, a model: only what was found to work passes without a word.
 * @param subject what the prompt is called in the message, such as `@bank/kyc@1.2.0:summary`
 */
export function decideModel(
  policy: ModelPolicy,
  status: CompatibilityStatus,
  { subject, model }: { readonly subject: string; readonly model: string },
): ModelDecision {
  if (policy === 'off' || status === 'works') return { decision: 'allow', message: '' };
  return { decision: policy, message: `${subject} ${SAID[status]} ${model}.` };
}

const SAID: Readonly<Record<Exclude<CompatibilityStatus, 'works'>, string>> = {
  'needs-tuning': 'passes only some of its tests with',
  'not-supported': 'does not work with',
  untested: 'is not tested with',
};
