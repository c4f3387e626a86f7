import { PrompdError } from '../core/errors.js';
import { byPlace, type Problem } from '../core/problem.js';
import { type PromptDocument, parsePrompt } from './document.js';
import { loadPrompt } from './load.js';
import type { LoadedPrompt } from './loaded-prompt.js';
import { type MessageTemplate, messageTemplates } from './message-template.js';
import type { PromptFile, PromptResolver } from './prompt-file.js';
import { parsePromptReference } from './prompt-reference.js';
import { analyse, type Usage, type Use } from './template/analysis.js';
import { FILTER_NAMES } from './template/filter-table.js';
import { TemplateError } from './template/template-error.js';
import { TEST_NAMES } from './template/test.js';
import { nearest } from './yaml-fields.js';

/** Every problem of a prompt and of what it is made of, in the order in which they are printed. */
export async function validatePrompt(file: PromptFile, resolver: PromptResolver): Promise<Problem[]> {
  const { prompt, problems } = await loadPrompt(file, resolver);
  const document = prompt?.document ?? parsePrompt(file).prompt;
  const packages = document ? packageProblems(document) : [];
  return [...problems, ...packages, ...(prompt ? templateProblems(prompt) : [])].sort(byPlace);
}

/** Problems of the templates of a loaded prompt: syntax, unknown names, parameters that are never used. */
export function templateProblems(prompt: LoadedPrompt): Problem[] {
  const problems: Problem[] = [];
  const used = new Set<string>();
  let readable = true;
  for (const template of messageTemplates(prompt).values()) {
    try {
      const usage = analyse(template.template);
      for (const { name } of usage.variables) used.add(name);
      problems.push(...usageProblems(prompt, template, usage));
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      problems.push(template.problem(error));
      readable = false;
    }
  }
  // With a template that cannot be read, nobody knows what it uses.
  return readable ? [...problems, ...unusedParameters(prompt, used)] : problems;
}

function usageProblems(prompt: LoadedPrompt, template: MessageTemplate, usage: Usage): Problem[] {
  const parameters = prompt.parameters.map(({ definition }) => definition.name);
  const declared = new Set([...parameters, 'inputs']);
  const problems: Problem[] = [];
  for (const { name, at, guarded } of firstUses(usage.variables.filter(use => !declared.has(use.name)))) {
    const near = nearest(name, [...parameters, 'inputs']);
    const hint = near ? `Did you mean "${near}"?` : `Declare it: add "- name: ${name}" to "parameters".`;
    const problem = template.problem({
      code: 'EUNDEFINED',
      message: `"${name}" is not a parameter.`,
      at,
      hint,
    });
    problems.push(guarded ? { ...problem, severity: 'warning' } : problem);
  }
  const keys = Object.keys(prompt.inputs);
  for (const { name, at, guarded } of usage.inputs.filter(use => !keys.includes(use.name))) {
    const hint = keys.length === 0 ? 'The prompt has no "inputs".' : `Inputs are ${keys.join(', ')}.`;
    const problem = template.problem({ code: 'EUNDEFINED', message: `"inputs" has no "${name}".`, at, hint });
    problems.push(guarded ? { ...problem, severity: 'warning' } : problem);
  }
  const unknown = (kind: 'filter' | 'test', uses: readonly Use[], names: ReadonlySet<string>) => {
    for (const { name, at } of uses) {
      const near = nearest(name, [...names]);
      const hint = near ? `Did you mean "${near}"?` : `See the list of ${kind}s in docs/format.md.`;
      problems.push(
        template.problem({ code: 'ETEMPLATE', message: `There is no ${kind} "${name}".`, at, hint }),
      );
    }
  };
  unknown('filter', usage.unknownFilters, FILTER_NAMES);
  unknown('test', usage.unknownTests, TEST_NAMES);
  return problems;
}

/** One problem a name is enough, at its first use that is not guarded. */
function firstUses(uses: readonly Use[]): Use[] {
  const first = new Map<string, Use>();
  for (const use of uses) {
    const known = first.get(use.name);
    if (!known || (known.guarded && !use.guarded)) first.set(use.name, use);
  }
  return [...first.values()];
}

/** Parameters of the prompt's own file; an inherited one is the parent's affair. */
function unusedParameters(prompt: LoadedPrompt, used: ReadonlySet<string>): Problem[] {
  const { frontMatter, source } = prompt.document;
  return frontMatter.parameters
    .filter(({ definition }) => !used.has(definition.name))
    .map(({ definition: { name }, at }) => {
      const hint = `Use it as {{ ${name} }}, or remove it.`;
      return source.problem('EUNUSED', `The parameter "${name}" is never used.`, {
        at,
        severity: 'warning',
        hint,
      });
    });
}

/** Names in `using` and `requires` must be packages. */
export function packageProblems({ frontMatter, source }: PromptDocument): Problem[] {
  const names = [...frontMatter.using.map(({ name }) => name), ...frontMatter.requires];
  return names.flatMap(({ text, at }) => {
    try {
      const { prompt, path } = parsePromptReference(text);
      if (prompt === undefined && path === undefined) return [];
      return [
        source.problem('EBADSPEC', `"${text.slice(0, 80)}" must name a package, without a prompt.`, { at }),
      ];
    } catch (error) {
      if (!(error instanceof PrompdError)) throw error;
      return [source.problem('EBADSPEC', error.message, { at, hint: error.hint })];
    }
  });
}
