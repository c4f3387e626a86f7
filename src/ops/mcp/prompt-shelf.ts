import type { Message, ParameterDefinition } from '../../prompt/index.js';

/** A prompt as programs that speak MCP are told of it. */
export interface ShelvedPrompt {
  /** Unique, as in `@bank/kyc:summary`. */
  readonly name: string;
  readonly description?: string | undefined;
  readonly parameters: readonly ParameterDefinition[];
}

/** A prompt that was filled in. */
export interface FilledPrompt {
  readonly description?: string | undefined;
  readonly messages: readonly Message[];
  /** Where it comes from: plain JSON. */
  readonly provenance: Readonly<Record<string, unknown>>;
}

/** Some prompts, wherever they are. */
export interface PromptShelf {
  list(): Promise<readonly ShelvedPrompt[]>;
  /**
   * Fills in a prompt.
   * @param texts of parameters by name, read by the parameter's type
   * @returns undefined for a name that is not here
   * @throws PrompdError EPARAMETER, ETEMPLATE, EUNDEFINED, ERENDER, ERENDERLIMIT; what keeps the prompt from being had
   */
  fill(name: string, texts: Readonly<Record<string, string>>): Promise<FilledPrompt | undefined>;
  /** Calls a listener when the list, or what is behind it, changed. */
  onChange(listener: () => void): void;
  close(): Promise<void>;
}
