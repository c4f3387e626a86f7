import { useEffect } from 'react';
import { type ListMove, type ListSize, type ListState, moved, settled, TOP } from './list-state.js';
import { useModel } from './use-model.js';

/** A cursor in a list whose length, and whose place on the screen, may change below it. */
export function useList({ length, rows }: ListSize): {
  readonly state: ListState;
  /** The cursor after all that was sent so far. */
  readonly cursor: () => number;
  readonly move: (move: ListMove) => void;
} {
  const { state, now, send } = useModel(listReducer, () => TOP);
  useEffect(() => void send({ size: { length, rows } }), [send, length, rows]);
  return {
    state,
    cursor: () => now().cursor,
    move: move => void send({ move, size: { length, rows } }),
  };
}

function listReducer(
  state: ListState,
  { move, size }: { readonly move?: ListMove; readonly size: ListSize },
): ListState {
  return move === undefined ? settled(state, size) : moved(state, move, size);
}
