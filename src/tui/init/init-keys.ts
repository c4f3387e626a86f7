import type { KeyName } from '../parts/keys.js';
import type { InitAction, Step } from './init-state.js';

type Keys = Readonly<Record<KeyName, InitAction | 'help'>>;

/** What a key does in a step; where it does nothing else, it is typed. */
export function actionOfKey(step: Step, key: KeyName): InitAction | 'help' {
  return ALWAYS[key] ?? KEYS_OF[kindOf(step)][key] ?? { kind: 'type', key };
}

/** For the help: keys, and what they do. */
export function keysOfStep(step: Step): readonly (readonly [string, string])[] {
  return [...HELP[kindOf(step)], ['Esc Ctrl-C', 'leave; nothing is written'], ['?', 'close this list']];
}

type StepKind = 'text' | 'choice' | 'end';

function kindOf(step: Step): StepKind {
  if (step === 'write') return 'end';
  return step === 'template' ? 'choice' : 'text';
}

const FORWARD: InitAction = { kind: 'forward' };
const BACK: InitAction = { kind: 'back' };
const CANCEL: InitAction = { kind: 'cancel' };

const ALWAYS: Keys = {
  enter: { kind: 'accept' },
  tab: FORWARD,
  'shift+tab': BACK,
  'ctrl+n': FORWARD,
  'ctrl+p': BACK,
  escape: CANCEL,
  'ctrl+c': CANCEL,
};

const NEXT: InitAction = { kind: 'choose', by: 1 };
const PREVIOUS: InitAction = { kind: 'choose', by: -1 };

const KEYS_OF: Readonly<Record<StepKind, Keys>> = {
  text: { up: BACK, down: FORWARD },
  choice: {
    up: PREVIOUS,
    k: PREVIOUS,
    down: NEXT,
    j: NEXT,
    left: BACK,
    h: BACK,
    right: FORWARD,
    l: FORWARD,
    '?': 'help',
  },
  end: { up: BACK, k: BACK, left: BACK, h: BACK, q: CANCEL, '?': 'help' },
};

const HELP: Readonly<Record<StepKind, readonly (readonly [string, string])[]>> = {
  text: [],
  choice: [
    ['↑ ↓ k j', 'choose'],
    ['Enter Tab → l', 'next question'],
    ['Shift-Tab ← h', 'question before'],
  ],
  end: [
    ['Enter', 'write the files'],
    ['Shift-Tab ↑ k', 'question before'],
  ],
};
