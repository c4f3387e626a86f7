import { useCallback, useRef, useState } from 'react';

export interface Model<State, Action> {
  readonly state: State;
  /** The state after all that was sent so far, also before it was drawn. */
  readonly now: () => State;
  /** @returns the state that it leads to */
  readonly send: (action: Action) => State;
}

/**
 * State in a reducer, known at once: several keys can arrive before anything is drawn, and each is to act on what the one
 * before it left.
 */
export function useModel<State, Action>(
  reduce: (state: State, action: Action) => State,
  initial: () => State,
): Model<State, Action> {
  const [state, draw] = useState(initial);
  const latest = useRef(state);
  const reducer = useRef(reduce);
  reducer.current = reduce;
  const now = useCallback(() => latest.current, []);
  const send = useCallback((action: Action) => {
    const next = reducer.current(latest.current, action);
    latest.current = next;
    draw(next);
    return next;
  }, []);
  return { state, now, send };
}
