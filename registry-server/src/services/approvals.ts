import { type Clock, PrompdError, parseIntegrity } from 'prompd/core';
import { type Actor, coversPackage, userOf } from '../domain/actor.js';
import { type ApprovalRequest, requestNotFound } from '../domain/approval.js';
import type { Authorize } from '../domain/authorize.js';
import { assertDelegation, type Delegation, makeDelegationId } from '../domain/delegation.js';
import type { Policy, VersionedPolicy } from '../domain/policy.js';
import { ownStamp, stampOf } from '../domain/stamp.js';
import type {
  ApprovalRepository,
  DecisionInput,
  RequestDetails,
  RequestQuery,
  ReviewableDetails,
  ReviewSteps,
  TierInput,
} from '../ports/approval-repository.js';
import type { BlobStore, OpenBlob } from '../ports/blob-store.js';
import type { PackageRepository } from '../ports/package-repository.js';
import type { SigningService } from './signing.js';

export interface ApprovalPorts {
  readonly approvals: ApprovalRepository;
  readonly packages: Pick<PackageRepository, 'standing'>;
  readonly blobs: Pick<BlobStore, 'open'>;
  readonly authorize: Authorize;
  readonly signing: Pick<SigningService, 'prepare' | 'sign'>;
  readonly now: Clock;
}

/** Policies, requests for approval, and who may decide in them. */
export class ApprovalService {
  readonly #ports: ApprovalPorts;

  constructor(ports: ApprovalPorts) {
    this.#ports = ports;
  }

  /** The time by which reviews are due. */
  get now(): Date {
    return this.#ports.now();
  }

  /** The bytes that a request is about. Whether the caller may see them is decided before. */
  async archive({ integrity, name, version }: ApprovalRequest): Promise<OpenBlob> {
    const blob = await this.#ports.blobs.open(parseIntegrity(integrity));
    if (!blob) throw new Error(`The content ${integrity} of ${name}@${version} is missing.`);
    return blob;
  }

  policy(scope: string): Promise<VersionedPolicy> {
    return this.#ports.approvals.policy(scope);
  }

  /** Sets the next version. Whether the actor may is decided before. */
  async setPolicy(
    actor: Actor,
    scope: string,
    { document, reason }: { document: Policy; reason: string | undefined },
  ): Promise<VersionedPolicy> {
    const { approvals, now } = this.#ports;
    await approvals.setPolicy(scope, document, stampOf(actor, now(), reason));
    return approvals.policy(scope);
  }

  /** The requests that the actor reviews or wrote, newest first. */
  async list(actor: Actor, query: Omit<RequestQuery, 'user' | 'now'>): Promise<readonly ApprovalRequest[]> {
    const { approvals, now } = this.#ports;
    const found = await approvals.list({ ...query, user: userOf(actor), now: now() });
    // What a credential for some packages is not for, it does not list either.
    return found.filter(({ name }) => coversPackage(actor, name));
  }

  /** @throws PrompdError ENOTFOUND, also for a request that the actor neither reviews nor wrote */
  async find(actor: Actor, id: string): Promise<RequestDetails> {
    const { approvals, now } = this.#ports;
    const found = await approvals.find(id, { user: userOf(actor), now: now() });
    if (!found || !coversPackage(actor, found.request.name)) throw requestNotFound(id);
    return found;
  }

  /**
   * A request of which the content can be looked at.
   * @throws PrompdError ENOTFOUND as above; ENOVERSION where the version was unpublished
   */
  async reviewable(actor: Actor, id: string): Promise<ReviewableDetails> {
    const found = await this.find(actor, id);
    const { manifest, request } = found;
    if (manifest) return { ...found, manifest };
    const { name, version } = request;
    throw new PrompdError(
      'ENOVERSION',
      `${name}@${version} was unpublished: its content is not there any more.`,
      {
        facts: { name, version },
        hint: 'What was asked and decided stays on record, and in the audit.',
      },
    );
  }

  /** @throws PrompdError ENOTFOUND, EAPPROVAL, EFOUREYES, EFORBIDDEN, EFEAT */
  async decide(
    actor: Actor,
    id: string,
    { reason, ...input }: DecisionInput & { readonly reason: string | undefined },
  ): Promise<ApprovalRequest> {
    return this.#ports.approvals.decide(id, input, await this.#steps(actor, reason));
  }

  /** @throws PrompdError ENOTFOUND, EAPPROVAL, EFOUREYES, EFORBIDDEN, EUSAGE */
  async changeTier(
    actor: Actor,
    id: string,
    { reason, ...input }: TierInput & { readonly reason: string },
  ): Promise<ApprovalRequest> {
    return this.#ports.approvals.changeTier(id, input, await this.#steps(actor, reason));
  }

  /** @throws PrompdError ENOTFOUND, EAPPROVAL, EFORBIDDEN */
  async withdraw(actor: Actor, id: string, reason: string | undefined): Promise<ApprovalRequest> {
    return this.#ports.approvals.withdraw(id, await this.#steps(actor, reason));
  }

  delegations(scope: string): Promise<readonly Delegation[]> {
    return this.#ports.approvals.delegations(scope);
  }

  /**
   * Lets somebody decide in the actor's name for a while.
   * @throws PrompdError EFORBIDDEN for who is no approver by a role of their own; ENOUSER for who is no member; EUSAGE
   */
  async delegate(
    actor: Actor,
    scope: string,
    { to, endsAt, reason }: { to: string; endsAt: Date; reason: string },
  ): Promise<Delegation> {
    const { approvals, packages, authorize, now } = this.#ports;
    const from = userOf(actor);
    const name = `${scope}/any`;
    const standing = await packages.standing(name, from);
    authorize(actor, 'package.approve', { kind: 'package', name, access: 'public', owners: [], standing });
    const createdAt = now();
    const id = makeDelegationId();
    const delegation: Delegation = { id, scope, from, to, reason, createdAt, endsAt, revokedAt: undefined };
    assertDelegation(delegation);
    await approvals.delegate(delegation, stampOf(actor, createdAt, reason));
    return delegation;
  }

  /** @throws PrompdError ENOTFOUND for one that the actor did not make, or that has ended */
  async revokeDelegation(actor: Actor, scope: string, id: string): Promise<void> {
    const { approvals, now } = this.#ports;
    if (await approvals.revokeDelegation(scope, id, stampOf(actor, now()))) return;
    throw new PrompdError('ENOTFOUND', `There is no delegation ${id.slice(0, 60)} of yours.`, {
      facts: { id: id.slice(0, 60) },
    });
  }

  /** Closes the requests that nobody decided in time. */
  async expire(): Promise<void> {
    const { approvals, now } = this.#ports;
    for (let more = true; more; ) more = await approvals.expireOne(ownStamp('approvals', now()));
  }

  async #steps(actor: Actor, reason: string | undefined): Promise<ReviewSteps> {
    const { authorize, signing, now } = this.#ports;
    await signing.prepare();
    return {
      stamp: stampOf(actor, now(), reason),
      authorize: subject => authorize(actor, 'package.approve', subject),
      sign: (version, keys, publishedAt) => signing.sign(version, keys, publishedAt),
    };
  }
}
