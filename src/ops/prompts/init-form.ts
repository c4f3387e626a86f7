import { checkProjectManifest } from '../../core/manifest.js';
import { FIRST_VERSION, findTemplate, NO_LICENSE, TEMPLATES, type Template } from '../../templates/index.js';

/** What a new package is asked about, in the order of the questions. */
export const INIT_FIELDS = [
  'name',
  'version',
  'description',
  'template',
  'author',
  'license',
  'prompt',
] as const;
export type InitField = (typeof INIT_FIELDS)[number];
/** As typed; what is empty gets its default. */
export type InitAnswers = Readonly<Record<InitField, string>>;

/** What stands in the way of an answer. */
export interface InitProblem {
  readonly message: string;
  readonly hint: string | undefined;
}

/** The questions about a new package, for whoever puts them to the user. */
export interface InitForm {
  /** Absolute folder of the package. */
  readonly dir: string;
  /** What was said in advance. */
  readonly given: InitAnswers;
  readonly templates: readonly Pick<Template, 'kind' | 'summary'>[];
  /** What an answer is when it is left empty, by the other answers. */
  fallback(field: InitField, answers: InitAnswers): string;
  /** What is wrong with an answer, by the rules that hold for the manifest. */
  problem(field: InitField, answers: InitAnswers): InitProblem | undefined;
  /** Paths of the files that would be written, inside the folder, sorted. */
  files(answers: InitAnswers): readonly string[];
  /** Those of the files that are there already: with one of them nothing can be written. */
  inTheWay(files: readonly string[]): Promise<readonly string[]>;
}

export const NO_ANSWERS: InitAnswers = {
  name: '',
  version: '',
  description: '',
  template: '',
  author: '',
  license: '',
  prompt: '',
};

/** The kind of template that is taken where none is named. */
export const DEFAULT_TEMPLATE = 'blank';

/** @param name of the package, where none is given */
export function fallbackAnswer(field: InitField, answers: InitAnswers, name: string): string {
  switch (field) {
    case 'name':
      return name;
    case 'version':
      return FIRST_VERSION;
    case 'description':
      return `Prompts of ${answers.name || name}`;
    case 'template':
      return DEFAULT_TEMPLATE;
    case 'author':
      return '';
    case 'license':
      return NO_LICENSE;
    case 'prompt':
      return findTemplate(answers.template || DEFAULT_TEMPLATE)?.prompt ?? '';
  }
}

/** All answers with their defaults in. @param name of the package, where none is given */
export function completeAnswers(answers: InitAnswers, name: string): InitAnswers {
  const filled = INIT_FIELDS.map(field => [
    field,
    answers[field].trim() || fallbackAnswer(field, answers, name),
  ]);
  return { ...NO_ANSWERS, ...Object.fromEntries(filled) };
}

/** What the manifest would say against a complete answer. */
export function answerProblem(field: InitField, answer: string): InitProblem | undefined {
  if (field === 'template') {
    if (findTemplate(answer)) return undefined;
    const kinds = TEMPLATES.map(({ kind }) => kind).join(', ');
    return { message: `There is no template "${answer.slice(0, 80)}".`, hint: `Choose one of ${kinds}.` };
  }
  const part =
    field === 'prompt' ? { prompts: { [answer]: `prompts/${answer}.prompd` } } : { [field]: answer };
  const [problem] = checkProjectManifest(JSON.stringify(part)).problems;
  if (!problem) return undefined;
  return field === 'prompt'
    ? {
        message: `"${answer.slice(0, 80)}" is not a valid id of a prompt.`,
        hint: 'Use lowercase letters, digits and "-", at most 64.',
      }
    : { message: problem.message, hint: problem.hint };
}
