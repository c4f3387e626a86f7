import { LRUCache } from 'lru-cache';
import { PrompdError, parsePackageName } from 'prompd/core';
import { variantPath } from 'prompd/prompt';
import type { Delivered, DeliveredVersion, DeliveryRequest } from '../../domain/delivery.js';
import { RequestError } from '../../domain/problem-document.js';
import type {
  DeliverableVersion,
  DeliveryRepository,
  StoredPrompt,
} from '../../ports/delivery-repository.js';
import { DELIVERY } from '../../settings.js';
import type { Composition } from './composition.js';
import type { DatabaseGuard } from './database-guard.js';

export interface ReaderPorts {
  readonly deliveries: DeliveryRepository;
  readonly composition: Pick<Composition, 'compose'>;
  readonly guard: DatabaseGuard;
  /** Milliseconds that never go back. */
  readonly time: () => number;
}

/** Reads from the database what is delivered, and has it composed when it never was. */
export class DeliveryReader {
  readonly #ports: ReaderPorts;
  /** What never changes: prompts of one package. */
  readonly #whole = new LRUCache<string, StoredPrompt>({
    maxSize: DELIVERY.wholeMemory,
    sizeCalculation: ({ content, contract }) => 2 * (content.length + contract.length) + 512,
  });

  constructor(ports: ReaderPorts) {
    this.#ports = ports;
  }

  /**
   * @param hasOlder whether something older could be served, so that nobody waits long
   * @throws PrompdError ENOVERSION, ENOPROMPT; RequestError EREVOKED, ECOMPOSE, EUNAVAILABLE
   */
  async read(request: DeliveryRequest, hasOlder: boolean): Promise<Delivered> {
    const { deliveries, guard, time } = this.#ports;
    const readAt = time();
    const patience = hasOlder ? DELIVERY.patience : DELIVERY.longPatience;
    const { package: name, selector } = request;
    const selected = await guard.attempt(() => deliveries.select(name, selector), patience);
    if (!selected) throw await this.#missing(request);
    const a = await this.#version(request, selected.a, patience);
    const { split } = selected;
    if (!split) return { a, split: undefined, readAt };
    try {
      const b = await this.#version(request, split.b, patience);
      return { a, split: { b, weight: split.weight }, readAt };
    } catch (error) {
      // What is tried and cannot be delivered is not tried: everybody gets what the channel points at.
      if (error instanceof PrompdError || isWithdrawn(error)) return { a, split: undefined, readAt };
      throw error;
    }
  }

  async #version(
    { package: name, prompt, model }: DeliveryRequest,
    version: DeliverableVersion,
    patience: number,
  ): Promise<DeliveredVersion> {
    const { prompts = {}, models } = version.manifest;
    const variant = model === undefined ? undefined : variantFor(models, prompt, model);
    const path = variant ?? (Object.hasOwn(prompts, prompt) ? prompts[prompt] : undefined);
    if (path === undefined || !Object.hasOwn(prompts, prompt)) throw noPrompt(name, version, prompt);
    const stored = await this.#stored(name, version, { path, patience });
    return {
      version: version.version,
      variant: variant ?? null,
      digest: stored.digest,
      content: stored.content,
      contract: stored.contract,
      publishedAt: version.publishedAt.toISOString(),
      deprecated: version.deprecated,
      privateSources: stored.privateSources,
    };
  }

  async #stored(
    name: string,
    version: DeliverableVersion,
    { path, patience }: { path: string; patience: number },
  ): Promise<StoredPrompt> {
    const { deliveries, composition, guard } = this.#ports;
    const key = `${version.id} ${path}`;
    const whole = this.#whole.get(key);
    if (whole) return whole;
    const read = () => guard.attempt(() => deliveries.composed(version.id, path), patience);
    let stored = await read();
    if (!stored) {
      await composition.compose(parsePackageName(name), version, path);
      stored = await read();
    }
    if (!stored) throw new Error(`${name}@${version.version} was composed, and is not there.`);
    if (stored.isWhole) this.#whole.set(key, stored);
    const [withdrawn] = stored.withdrawn;
    if (withdrawn === undefined) return stored;
    throw new RequestError(
      'EREVOKED',
      `${name}@${version.version} is made of ${withdrawn}, which is not delivered any more.`,
      {
        facts: { name, version: version.version, reason: `It is made of ${stored.withdrawn.join(', ')}.` },
        hint: 'Ask for a version that is made of something else.',
      },
    );
  }

  async #missing({ package: name, selector }: DeliveryRequest): Promise<Error> {
    const { deliveries, guard } = this.#ports;
    const withdrawal = await guard.attempt(() => deliveries.withdrawal(name, selector));
    if (withdrawal) {
      const { version, reason } = withdrawal;
      return new RequestError('EREVOKED', `${name}@${version} is not delivered any more: ${reason}`, {
        facts: { name, version, reason },
      });
    }
    const what =
      selector.kind === 'range' ? `version in "${selector.value}"` : `${selector.kind} "${selector.value}"`;
    return new PrompdError('ENOVERSION', `${name} has no ${what}.`, {
      facts: { name, [selector.kind]: selector.value },
    });
  }
}

/** @param model by itself, or behind its provider and a slash */
function variantFor(
  models: DeliverableVersion['manifest']['models'],
  prompt: string,
  model: string,
): string | undefined {
  const slash = model.indexOf('/');
  return (
    variantPath(models, prompt, { model }) ??
    (slash > 0
      ? variantPath(models, prompt, { provider: model.slice(0, slash), model: model.slice(slash + 1) })
      : undefined)
  );
}

function isWithdrawn(error: unknown): boolean {
  return error instanceof RequestError && (error.code === 'EREVOKED' || error.code === 'ECOMPOSE');
}

function noPrompt(name: string, { version, manifest }: DeliverableVersion, prompt: string): PrompdError {
  const prompts = Object.keys(manifest.prompts ?? {});
  return new PrompdError('ENOPROMPT', `${name}@${version} has no prompt "${prompt.slice(0, 80)}".`, {
    facts: { name, version, prompts: prompts.slice(0, 100) },
    hint: prompts.length === 0 ? 'It has no prompts.' : `Its prompts are ${prompts.slice(0, 20).join(', ')}.`,
  });
}
