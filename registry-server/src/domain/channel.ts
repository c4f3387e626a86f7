import { PrompdError } from 'prompd/core';

/** A promotion that is to come, or was. */
export interface ScheduledPromotion {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly tag: string;
  readonly runAt: Date;
  readonly reason: string | undefined;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly state: string;
  /** What came of it; undefined as long as nothing did. */
  readonly outcome: string | undefined;
}

/** The error for moving a protected channel in another way than by promotion. */
export function protectedChannel(name: string, tag: string): PrompdError {
  return new PrompdError(
    'EPROTECTED',
    `"${tag}" of ${name} is a protected channel: only promotion moves it.`,
    {
      facts: { name, tag },
      hint: `Run "prompd promote ${name}@<version> --tag ${tag}" once the version is approved.`,
    },
  );
}

/** The error for a version that must not be used any more. */
export function versionRevoked(name: string, version: string, reason: string): PrompdError {
  return new PrompdError('EREVOKED', `${name}@${version} was revoked: ${reason}`, {
    facts: { name, version, reason },
  });
}

/** The error for promoting a version whose review is overdue. */
export function reviewOverdue(name: string, version: string, reviewBy: string): PrompdError {
  return new PrompdError('EREVIEW', `The review of ${name}@${version} was due on ${reviewBy}.`, {
    facts: { name, version, reviewBy },
    hint: 'What runs keeps running. Review it, and publish a version with the next date.',
  });
}
