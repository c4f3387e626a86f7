import type { DraftParameter, DraftRules, TemplateLanguage } from './model.js';
import { parameterName, parameterNames } from './name.js';
import type { NoteTaker } from './note.js';
import { type InputSpec, noteRenames, toParameter } from './parameters.js';
import { countLines, unreadable } from './structured-text.js';
import { keepSingleBraces, loopedNames } from './template-segments.js';

/** One Jinja source of a prompt, and where in the file it stands. */
export interface TemplateSource {
  readonly source: string;
  /** From 1. */
  readonly line: number;
  readonly file: string;
}

export interface VariableOptions {
  /** What the file says that the prompt takes. */
  readonly inputs: readonly InputSpec[];
  readonly language: TemplateLanguage;
  readonly note: NoteTaker;
}

/**
 * Makes Jinja templates of another program's into templates of a prompt: every variable becomes a parameter with a valid
 * name, what they use without saying so included, and single braces stay text.
 * @throws PrompdError EIMPORT with the line where a template cannot be parsed
 */
export function renameVariables(
  sources: readonly TemplateSource[],
  { inputs, language, note }: VariableOptions,
): { templates: string[]; parameters: DraftParameter[] } {
  const said = inputs.flatMap(({ name }) => [name, parameterName(name)]);
  const read = sources.map(({ source, line, file }) => {
    const kept = keepSingleBraces(source, said);
    const tree = language.parse(kept, new Set());
    if ('fault' in tree) {
      const place = line + countLines(kept.slice(0, tree.at));
      throw unreadable(file, `line ${place}: ${tree.fault}`);
    }
    return { kept, uses: language.variables(tree) };
  });
  const used = read.flatMap(({ uses }) => uses.map(({ name }) => name));
  const specs = new Map(inputs.map(input => [input.name, input]));
  for (const name of used) if (!specs.has(name)) specs.set(name, { name });
  const names = parameterNames([...specs.keys()]);
  noteRenames(names, note);
  const shapes = read.map(({ kept }) => loopedNames(kept));
  const fallbackOf = (name: string): DraftRules => {
    if (shapes.some(({ lists }) => lists.has(name))) return { type: 'array' };
    return { type: shapes.some(({ objects }) => objects.has(name)) ? 'object' : 'string' };
  };
  return {
    templates: read.map(({ kept, uses }) => renamed(kept, uses, names)),
    parameters: [...specs.values()].map(spec =>
      toParameter(spec, { name: names.get(spec.name) ?? spec.name, fallback: fallbackOf(spec.name), note }),
    ),
  };
}

function renamed(
  source: string,
  uses: readonly { readonly name: string; readonly at: number }[],
  names: ReadonlyMap<string, string>,
): string {
  const places = new Map(uses.map(({ name, at }) => [at, name]));
  let result = '';
  let from = 0;
  for (const [at, name] of [...places].sort(([a], [b]) => a - b)) {
    result += source.slice(from, at) + (names.get(name) ?? name);
    from = at + name.length;
  }
  return result + source.slice(from);
}
