import test from 'ava';
import type { Key } from 'ink';
import { actionOf, keyLabel, keyNames, typedCharacter } from '#prompd/tui/parts/keys.js';

const NONE: Key = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
};

test('keys have one name each, whatever the terminal sends for them', t => {
  t.deepEqual(keyNames('', { ...NONE, upArrow: true }), ['up']);
  t.deepEqual(keyNames('\r', { ...NONE, return: true }), ['enter']);
  t.deepEqual(keyNames('', { ...NONE, delete: true }), ['backspace']);
  t.deepEqual(keyNames('', { ...NONE, tab: true, shift: true }), ['shift+tab']);
  t.deepEqual(keyNames('d', { ...NONE, ctrl: true }), ['ctrl+d']);
  t.deepEqual(keyNames('x', { ...NONE, meta: true }), []);
});

test('keys that arrive together are several keys', t => {
  t.deepEqual(keyNames('jj G\r', NONE), ['j', 'j', 'space', 'G', 'enter']);
  t.deepEqual(keyNames('a\u0003\u007f\u001b\u0085', NONE), ['a', 'ctrl+c', 'backspace', 'escape']);
});

test('only keys that stand for one character are typed', t => {
  t.is(typedCharacter('ä'), 'ä');
  t.is(typedCharacter('😀'), '😀');
  t.is(typedCharacter('space'), ' ');
  t.is(typedCharacter('enter'), undefined);
});

test('a table says what a key does and how it is written', t => {
  const table = [{ keys: ['j', 'down'], action: 'next', does: 'down' }] as const;
  t.is(actionOf(table, 'down'), 'next');
  t.is(actionOf(table, 'k'), undefined);
  t.is(keyLabel(['j', 'down', 'ctrl+d']), 'j ↓ Ctrl-D');
});
