import { parseDistTag } from '../core/dist-tag.js';
import { PrompdError } from '../core/errors.js';
import { isVersion } from '../core/version.js';
import { parsePromptReference } from '../prompt/prompt-reference.js';

/** Which version of a prompt is asked for. */
export interface Selection {
  /** A channel; not together with `version`. */
  readonly tag?: string | undefined;
  /** An exact version. */
  readonly version?: string | undefined;
  /** The model that the prompt is for: its own variant is given where there is one. */
  readonly model?: string | undefined;
  /** Who asks, such as the id of a user: gets the same side of a channel that is split each time. */
  readonly key?: string | undefined;
}

/** One prompt to be got. */
export interface Wanted {
  readonly package: string;
  readonly prompt: string;
  readonly tag: string | undefined;
  readonly version: string | undefined;
  readonly model: string | undefined;
  readonly key: string | undefined;
  /** Names it among all that a client holds, whoever asks. */
  readonly slot: string;
}

/**
 * Reads a reference: `@bank/kyc:summary`, `kyc:summary` with a scope, `@bank/kyc@1.2.0:summary`, `@bank/kyc@beta:summary`.
 * @param defaults the client's scope and channel
 * @throws PrompdError EBADSPEC, EUSAGE
 */
export function wantedOf(
  reference: string,
  selection: Selection,
  defaults: { readonly scope: string | undefined; readonly tag: string },
): Wanted {
  const bare = !reference.startsWith('@') && defaults.scope !== undefined;
  const { name, prompt, path, range } = parsePromptReference(
    bare ? `${defaults.scope}/${reference}` : reference,
  );
  if (prompt === undefined || path !== undefined) {
    throw new PrompdError('EBADSPEC', `"${reference.slice(0, 120)}" does not name a prompt of a package.`, {
      facts: { reference: reference.slice(0, 120) },
      hint: 'Write it as in "@bank/kyc:summary".',
    });
  }
  const { tag, version } = selectorOf(reference, selection, range);
  const model = bounded('model', selection.model);
  const key = bounded('key', selection.key);
  const chosen = version === undefined ? { tag: tag ?? defaults.tag, version } : { tag: undefined, version };
  const slot = JSON.stringify([name, prompt, chosen.tag ?? null, chosen.version ?? null, model ?? null]);
  return { package: name, prompt, ...chosen, model, key, slot };
}

/** The address of a prompt below that of the registry. */
export function pathOf({ package: name, prompt, tag, version, model, key }: Wanted): string {
  const query = new URLSearchParams();
  for (const [field, value] of Object.entries({ tag, version, model, key }))
    if (value !== undefined) query.set(field, value);
  return `delivery/${encodeURIComponent(name)}/${encodeURIComponent(prompt)}?${query}`;
}

/** How the prompt is called in messages. */
export function nameOf({ package: name, prompt, tag, version }: Wanted): string {
  return `${name}@${version ?? tag}:${prompt}`;
}

function selectorOf(
  reference: string,
  { tag, version }: Selection,
  range: string | undefined,
): Pick<Selection, 'tag' | 'version'> {
  if ([tag, version, range].filter(given => given !== undefined).length > 1) {
    throw new PrompdError('EUSAGE', `"${reference.slice(0, 120)}" is asked for in two ways at once.`, {
      hint: 'Give a tag or a version, in the reference or beside it.',
    });
  }
  if (version !== undefined && !isVersion(version)) {
    throw new PrompdError('EUSAGE', `"${version.slice(0, 80)}" is not an exact version.`, {
      facts: { found: version.slice(0, 80) },
      hint: 'What is delivered is an exact version or a channel.',
    });
  }
  if (version !== undefined) return { version };
  if (range !== undefined) return isVersion(range) ? { version: range } : { tag: parseDistTag(range) };
  return tag === undefined ? {} : { tag: parseDistTag(tag) };
}

function bounded(name: string, value: string | undefined): string | undefined {
  if (value === undefined || (value !== '' && value.length <= 256)) return value;
  throw new PrompdError('EUSAGE', `The ${name} is empty or longer than 256 characters.`);
}

/** Remembers what references mean: an application has few, and asks for them all the time. */
export class WantedMemo {
  readonly #known = new Map<string, Wanted>();

  constructor(
    private readonly defaults: {
      readonly scope: string | undefined;
      readonly tag: string;
      readonly maxEntries: number;
    },
  ) {}

  /** @throws PrompdError EBADSPEC, EUSAGE */
  of(reference: string, selection: Selection): Wanted {
    const { tag, version, model, key } = selection;
    const name = `${reference}\n${tag ?? ''}\n${version ?? ''}\n${model ?? ''}\n${key ?? ''}`;
    const known = this.#known.get(name);
    if (known) return known;
    const wanted = wantedOf(reference, selection, this.defaults);
    if (this.#known.size >= this.defaults.maxEntries) this.#known.clear();
    this.#known.set(name, wanted);
    return wanted;
  }
}
