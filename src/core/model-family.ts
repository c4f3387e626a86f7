/** Families of models that share a way of being prompted. */
export const MODEL_FAMILIES = ['gpt', 'claude', 'qwen', 'llama'] as const;
export type ModelFamily = (typeof MODEL_FAMILIES)[number];

/** How the names of a family's models begin, once the names of vendors and hosts before them are gone. */
const BEGINNINGS: Readonly<Record<ModelFamily, RegExp>> = {
  gpt: /^(?:chat-?)?gpt|^o[1-9](?:$|[-:])/,
  claude: /^claude/,
  qwen: /^(?:code)?qwen|^qwq|^qvq/,
  llama: /^(?:meta-)?(?:code-?)?llama/,
};

/**
 * The family of a model, by its name as providers write it: `gpt-4o`, `anthropic/claude-sonnet-4-5`,
 * `us.anthropic.claude-3-haiku-20240307-v1:0`, `qwen2.5:7b`, `meta-llama/Llama-3.1-8B-Instruct`. What is only distilled
 * into another one's weights (`deepseek-r1-distill-llama-70b`) is of no family.
 * @returns undefined for a name that tells none
 */
export function familyOf(model: string): ModelFamily | undefined {
  const bare = model.slice(model.lastIndexOf('/') + 1).toLowerCase();
  // Clouds put a region and the vendor before the name, with dots between.
  const name = bare.replace(/^(?:[a-z]+\.)+/, '');
  return MODEL_FAMILIES.find(family => BEGINNINGS[family].test(name));
}
