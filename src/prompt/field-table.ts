/** What a field says, in a sentence or two for people who write prompts. */
export type FieldTable = Readonly<Record<string, string>>;

/** The fields of the front matter, in the order in which files usually have them. */
export const FRONT_MATTER_FIELDS: FieldTable = {
  name: 'Name of the prompt: a-z, 0-9 and "-", at most 64 characters. Beside an `id` it may be any text.',
  id: 'Name of the prompt for programs: a-z, 0-9 and "-". With it, `name` may be any text.',
  version: 'Version of the prompt, major.minor.patch in quotes.',
  description: 'What the prompt is for.',
  author: 'Who wrote it.',
  tags: 'Words to find it by.',
  categories: 'The categories that it belongs to.',
  parameters: 'What callers fill in: a list of definitions, each with a name and rules for its values.',
  inputs: 'Values of the prompt itself, reached in templates as `inputs.key`.',
  system:
    'Instructions for the model: text, `#section-id`, a file as in `./system.md`, or a prompt of a package as in `@team/package:prompt`. Several in a list follow each other.',
  context: 'What the model should know beside its instructions; sent behind them. Written as `system`.',
  user: 'What is asked of the model. Written as `system`.',
  assistant: 'An example answer, or a list of them. Written as `system`.',
  response: 'How to answer; stands at the end of the user message. Written as `system`.',
  contexts: 'Files that are added to the context, each as a fenced block in its language.',
  inherits:
    'The prompt that this one is made from: a file, or a prompt of a package. Its parameters and sections are kept where this prompt does not replace them.',
  override: 'Section of the inherited prompt to the file that replaces it, or to null, which removes it.',
  using: 'Short names for packages: a list of `name` and `prefix`.',
  requires: 'Packages that the file needs when it belongs to none.',
  provider: 'The provider to ask by default.',
  model: 'The model to ask by default.',
  temperature: 'How freely the model answers, by default.',
  max_tokens: 'The most tokens that an answer may have, by default.',
  models: 'What other models are asked with instead.',
};

/** The fields that say which values are right, of a parameter, its items or its properties. */
export const RULE_FIELDS: FieldTable = {
  type: 'The type of its values; `string` where it is left out.',
  enum: 'The only values that there are.',
  pattern: 'Regular expression, in the syntax of RE2, that its text must match.',
  min: 'The least number.',
  max: 'The greatest number.',
  min_value: 'The same as `min`.',
  max_value: 'The same as `max`.',
  minimum: 'The same as `min`.',
  maximum: 'The same as `max`.',
  minLength: 'The fewest characters.',
  maxLength: 'The most characters.',
  minItems: 'The fewest items of a list.',
  maxItems: 'The most items of a list.',
  items: 'Rules for each item of a list.',
  properties: 'Rules for the members of an object, by name.',
  description: 'What it is for.',
};

/** The fields of a parameter's definition. */
export const PARAMETER_FIELDS: FieldTable = {
  ...RULE_FIELDS,
  name: 'How templates name it: a-z, 0-9 and "_", not beginning with a digit.',
  required: 'Whether a caller must give it a value.',
  default: 'Its value when no caller gives one.',
  example: 'A value to show to people.',
  error_message: 'What to tell a caller whose value breaks a rule.',
};
