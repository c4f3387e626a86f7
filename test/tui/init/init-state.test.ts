import test from 'ava';
import { NO_ANSWERS } from '#prompd/ops/prompts/init-form.js';
import {
  answersOf,
  type InitAction,
  type InitRules,
  initReducer,
  openInit,
} from '#prompd/tui/init/init-state.js';

/** A name must be there; templates are a, b and c. */
const RULES: InitRules = {
  templates: ['a', 'b', 'c'],
  isGood: (field, answers) => field !== 'name' || !answers.name.includes('!'),
  template: ({ template }) => template || 'a',
};
const FORWARD: InitAction = { kind: 'forward' };
const ACCEPT: InitAction = { kind: 'accept' };
const BACK: InitAction = { kind: 'back' };
const type = (text: string): InitAction[] => [...text].map(key => ({ kind: 'type', key }));
const after = (...actions: InitAction[]) => actions.reduce(initReducer(RULES), openInit(NO_ANSWERS));
const times = (count: number, action: InitAction) => Array.from({ length: count }, () => action);

test('a question is left forward with an answer that can be used, and back with any', t => {
  t.is(after(...type('x'), FORWARD).step, 'version');
  t.is(after(...type('x!'), FORWARD).step, 'name');
  t.is(after(...type('x!'), ACCEPT).step, 'name');
  t.is(after(FORWARD, BACK, BACK).step, 'name');
});

test('what is typed goes to the open question, and stays when it is left', t => {
  const state = after(...type('x'), FORWARD, ...type('1'), BACK, ...type('y'));
  t.like(answersOf(state), { name: 'xy', version: '1' });
});

test('a template is chosen round the list, and not spelt', t => {
  const atTemplate = times(3, FORWARD);
  const next: InitAction = { kind: 'choose', by: 1 };
  const previous: InitAction = { kind: 'choose', by: -1 };
  t.is(answersOf(after(...atTemplate, next, ...type('zz'))).template, 'b');
  t.is(answersOf(after(...atTemplate, previous)).template, 'c');
  t.is(answersOf(after(...atTemplate, previous, next)).template, 'a');
  t.is(answersOf(after(next)).template, '');
});

test('only the end accepts, and nothing happens after it', t => {
  const all = after(...times(7, ACCEPT));
  t.is(all.outcome, undefined);
  t.is(all.step, 'write');
  const done = initReducer(RULES)(all, ACCEPT);
  t.is(done.outcome, 'accepted');
  t.is(initReducer(RULES)(done, { kind: 'cancel' }), done);
});

test('an answer that was spoilt later is led back to', t => {
  const isGood: InitRules['isGood'] = (field, { version }) => field !== 'name' || version !== '2';
  const rules = { ...RULES, isGood };
  const actions = [FORWARD, ...type('2'), ...times(6, FORWARD)];
  const state = actions.reduce(initReducer(rules), openInit(NO_ANSWERS));
  t.is(state.step, 'write');
  t.like(initReducer(rules)(state, ACCEPT), { step: 'name', outcome: undefined });
});
