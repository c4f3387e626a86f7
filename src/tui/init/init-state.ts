import { INIT_FIELDS, type InitAnswers, type InitField } from '../../ops/prompts/init-form.js';
import type { KeyName } from '../parts/keys.js';
import { type FieldState, fieldOf, typed } from '../parts/text-field-state.js';

/** The questions, and after them what would be written. */
export const STEPS = [...INIT_FIELDS, 'write'] as const;
export type Step = (typeof STEPS)[number];

export interface InitState {
  readonly step: Step;
  readonly fields: Readonly<Record<InitField, FieldState>>;
  /** How the user left; undefined while they answer. */
  readonly outcome: 'accepted' | 'cancelled' | undefined;
}

export type InitAction =
  | { readonly kind: 'type'; readonly key: KeyName }
  | { readonly kind: 'choose'; readonly by: 1 | -1 }
  | { readonly kind: 'forward' | 'back' | 'accept' | 'cancel' };

/** What the reducer must know of the questions. */
export interface InitRules {
  /** Kinds of templates, in their order. */
  readonly templates: readonly string[];
  /** Whether an answer can be used. */
  readonly isGood: (field: InitField, answers: InitAnswers) => boolean;
  /** What counts where the template is left open. */
  readonly template: (answers: InitAnswers) => string;
}

export function openInit(given: InitAnswers): InitState {
  const fields = mapFields(field => fieldOf(given[field]));
  return { step: 'name', fields, outcome: undefined };
}

export function answersOf({ fields }: InitState): InitAnswers {
  return mapFields(field => fields[field].value);
}

/**
 * What comes after a key. A question is left forward only with an answer that can be used; back always. Nothing happens
 * any more once the questions were left.
 */
export function initReducer(rules: InitRules): (state: InitState, action: InitAction) => InitState {
  return (state, action) => {
    if (state.outcome !== undefined) return state;
    switch (action.kind) {
      case 'type':
        return edited(state, action.key);
      case 'choose':
        return state.step === 'template' ? chosen(state, action.by, rules) : state;
      case 'back':
        return { ...state, step: STEPS[Math.max(0, STEPS.indexOf(state.step) - 1)] ?? state.step };
      case 'forward':
        return forward(state, rules);
      case 'accept':
        return state.step === 'write' ? accepted(state, rules) : forward(state, rules);
      case 'cancel':
        return { ...state, outcome: 'cancelled' };
    }
  };
}

/** The first question whose answer cannot be used. */
export function firstBad(answers: InitAnswers, { isGood }: InitRules): InitField | undefined {
  return INIT_FIELDS.find(field => !isGood(field, answers));
}

function edited(state: InitState, key: KeyName): InitState {
  const { step, fields } = state;
  // A template is chosen, not spelt.
  if (step === 'write' || step === 'template') return state;
  return { ...state, fields: { ...fields, [step]: typed(fields[step], key) ?? fields[step] } };
}

function chosen(state: InitState, by: 1 | -1, { templates, template }: InitRules): InitState {
  const at = templates.indexOf(template(answersOf(state)));
  const next = templates[(at + by + templates.length) % templates.length] ?? '';
  return { ...state, fields: { ...state.fields, template: fieldOf(next) } };
}

function forward(state: InitState, { isGood }: InitRules): InitState {
  const { step } = state;
  if (step === 'write' || !isGood(step, answersOf(state))) return state;
  return { ...state, step: STEPS[STEPS.indexOf(step) + 1] ?? step };
}

/** An answer can be spoilt by a later one: the user is led back to it. */
function accepted(state: InitState, rules: InitRules): InitState {
  const bad = firstBad(answersOf(state), rules);
  return bad === undefined ? { ...state, outcome: 'accepted' } : { ...state, step: bad };
}

function mapFields<T>(of: (field: InitField) => T): Record<InitField, T> {
  const [name, version, description, template, author, license, prompt] = INIT_FIELDS;
  return {
    name: of(name),
    version: of(version),
    description: of(description),
    template: of(template),
    author: of(author),
    license: of(license),
    prompt: of(prompt),
  };
}
