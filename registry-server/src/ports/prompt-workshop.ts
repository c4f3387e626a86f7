import type { PackageManifest } from 'prompd/core';
import type { RenderedPrompt } from 'prompd/prompt';

/** A package of a composition, with the versions that its dependencies were resolved to. */
export interface WorkPackage {
  /** Tells the packages of one composition apart. */
  readonly key: string;
  readonly manifest: PackageManifest;
  /** The archive. */
  readonly bytes: Uint8Array;
  /** Name under which a dependency is asked for to the key of the package that it gets. */
  readonly edges: Readonly<Record<string, string>>;
}

export interface CompositionWork {
  readonly packages: readonly WorkPackage[];
  /** Key of the package whose prompts are composed. */
  readonly root: string;
  /** The files of the prompts. */
  readonly paths: readonly string[];
}

/** What became of one prompt. */
export type CompositionOutcome =
  | {
      readonly ok: true;
      readonly digest: string;
      readonly content: string;
      readonly contract: string;
      /** Keys of the other packages whose text is in it. */
      readonly sources: readonly string[];
    }
  | { readonly ok: false; readonly message: string };

export interface RenderWork {
  /** What to call it in errors, such as `@bank/kyc@1.2.0/summary`. */
  readonly name: string;
  readonly digest: string;
  /** JSON of a compiled prompt. */
  readonly content: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Composes and renders prompts without holding up whoever else asks for something, and not for longer than is allowed. */
export interface PromptWorkshop {
  /**
   * Each path with what became of it.
   * @throws RequestError ECHECKLIMIT when it takes too long
   */
  compose(work: CompositionWork): Promise<Readonly<Record<string, CompositionOutcome>>>;
  /** @throws PrompdError EPARAMETER, EUNDEFINED, ERENDER, ERENDERLIMIT */
  render(work: RenderWork): Promise<RenderedPrompt>;
}
