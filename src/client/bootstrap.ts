import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { PrompdError } from '../core/errors.js';
import { systemCode } from '../core/system-code.js';
import { parseBoundedJson } from './bounded-json.js';
import { type Delivered, readDelivered } from './delivered.js';
import type { Wanted } from './wanted.js';

const MAX_BYTES = 64 * 1024 * 1024;

const schema = z.object({
  format: z.literal('prompd-bootstrap'),
  formatVersion: z.literal(1),
  registry: z.string().max(2000),
  madeAt: z.iso.datetime(),
  prompts: z
    .array(
      z.object({
        package: z.string().max(214),
        prompt: z.string().max(128),
        tag: z.string().max(64).optional(),
        version: z.string().max(256).optional(),
        model: z.string().max(256).optional(),
        answer: z.unknown(),
      }),
    )
    .max(10_000),
});

/** Prompts that are shipped with an application, for when it starts without the registry. */
export interface BootstrapFile {
  readonly format: 'prompd-bootstrap';
  readonly formatVersion: 1;
  readonly registry: string;
  /** ISO 8601. */
  readonly madeAt: string;
  readonly prompts: readonly BootstrapPrompt[];
}

/** What was asked for, and what the registry answered. */
export interface BootstrapPrompt {
  readonly package: string;
  readonly prompt: string;
  readonly tag?: string | undefined;
  readonly version?: string | undefined;
  readonly model?: string | undefined;
  readonly answer: unknown;
}

/** The prompts of a bootstrap file. */
export class Bootstrap {
  private constructor(
    /** When the registry confirmed all of it, in milliseconds of Unix time. */
    readonly confirmedAt: number,
    private readonly prompts: readonly BootstrapPrompt[],
  ) {}

  /**
   * @param source path or address of the file, or what stands in it
   * @throws PrompdError EBOOTSTRAP
   */
  static async open(source: string | URL | BootstrapFile): Promise<Bootstrap> {
    const inline = typeof source === 'object' && !(source instanceof URL);
    const parsed = schema.safeParse(inline ? source : await read(source));
    if (!parsed.success) {
      const where = parsed.error.issues[0]?.path.join('.') || 'the top';
      throw unusable(inline ? 'bootstrap' : String(source), `it is not one, at ${where.slice(0, 80)}`);
    }
    return new Bootstrap(Date.parse(parsed.data.madeAt), parsed.data.prompts);
  }

  /**
   * The answer for a prompt.
   * @throws PrompdError EINTEGRITY, EBADRESPONSE for an answer that was changed
   */
  find(wanted: Wanted): Delivered | undefined {
    const found = this.prompts.find(
      ({ package: name, prompt, tag, version, model }) =>
        name === wanted.package &&
        prompt === wanted.prompt &&
        tag === wanted.tag &&
        version === wanted.version &&
        model === wanted.model,
    );
    if (!found) return undefined;
    const { view: _view, ...delivered } = readDelivered(found.answer, wanted);
    return delivered;
  }
}

async function read(source: string | URL): Promise<unknown> {
  try {
    const { size } = await stat(source);
    if (size > MAX_BYTES) throw unusable(String(source), 'it is too large');
    return parseBoundedJson(await readFile(source, 'utf8'), String(source));
  } catch (cause) {
    if (cause instanceof PrompdError) throw cause;
    throw unusable(String(source), systemCode(cause) ?? 'it cannot be read', cause);
  }
}

function unusable(file: string, why: string, cause?: unknown): PrompdError {
  return new PrompdError('EBOOTSTRAP', `The bootstrap file cannot be used: ${why}.`, {
    facts: { file },
    ...(cause === undefined ? {} : { cause }),
  });
}
