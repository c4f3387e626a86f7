import { PrompdError } from '../../core/errors.js';
import { coerceParameters, parsePromptReference, valuesOrThrow } from '../../prompt/index.js';
import type { Context } from '../context.js';
import { DeliveryClients, type DeliveryOptions } from '../delivery/delivery-clients.js';
import { info } from '../registry/info.js';
import type { FilledPrompt, PromptShelf, ShelvedPrompt } from './prompt-shelf.js';

/** Prompts that registries deliver from a channel. */
export class DeliveredPrompts implements PromptShelf {
  readonly #clients: DeliveryClients;
  readonly #tag: string;
  #references: Promise<readonly string[]> | undefined;

  /** @param asked as in `@bank/kyc:summary`, or `@bank/kyc` for all prompts of a package */
  constructor(
    private readonly context: Context,
    private readonly asked: readonly string[],
    options: DeliveryOptions,
  ) {
    this.#clients = new DeliveryClients(context, options);
    this.#tag = options.tag ?? 'production';
  }

  async list(): Promise<readonly ShelvedPrompt[]> {
    const references = await this.#all();
    const found = await Promise.all(references.map(reference => this.#describe(reference)));
    return found.filter(prompt => prompt !== undefined);
  }

  async fill(name: string, texts: Readonly<Record<string, string>>): Promise<FilledPrompt | undefined> {
    if (!(await this.#all()).includes(name)) return undefined;
    const client = await this.#clients.of(name);
    const { content } = await client.get(name);
    const values = valuesOrThrow(coerceParameters(content.parameters, { flags: texts }));
    const { messages, text: _text, ...provenance } = await client.render(name, values);
    return { messages, provenance: { ...provenance } };
  }

  onChange(listener: () => void): void {
    this.#clients.onChange(() => {
      // Another version may have other prompts.
      this.#references = undefined;
      listener();
    });
  }

  close(): Promise<void> {
    return this.#clients.close();
  }

  #all(): Promise<readonly string[]> {
    this.#references ??= this.#expand().catch((error: unknown) => {
      this.#references = undefined;
      throw error;
    });
    return this.#references;
  }

  async #expand(): Promise<readonly string[]> {
    const all = await Promise.all(
      this.asked.map(async reference => {
        const { name, prompt, range } = parsePromptReference(reference);
        if (prompt !== undefined) return [reference];
        const { prompts } = await info(this.context, `${name}@${range ?? this.#tag}`);
        const head = range === undefined ? name : `${name}@${range}`;
        return Object.keys(prompts).map(id => `${head}:${id}`);
      }),
    );
    return [...new Set(all.flat())];
  }

  /** One prompt that cannot be had is no reason to show none. */
  async #describe(name: string): Promise<ShelvedPrompt | undefined> {
    try {
      const { content } = await (await this.#clients.of(name)).get(name);
      return { name, parameters: content.parameters };
    } catch (error) {
      if (!(error instanceof PrompdError)) throw error;
      this.context.progress.warn(`${name}: ${error.message}`);
      return undefined;
    }
  }
}
