import { useEffect, useReducer, useRef } from 'react';
import type { BrowseSession } from '../../../ops/browse/session.js';
import { MarkStore } from './mark-store.js';
import { ResultStore } from './result-store.js';

/** How long typing rests before something is asked, in milliseconds. */
const TYPING_MS = 150;
/** How long a list rests before its marks are asked for, in milliseconds. */
const RESTING_MS = 120;

export interface Results {
  readonly results: ResultStore;
  readonly marks: MarkStore;
}

/** What is found and what marks it, for as long as the tab is there. What comes back draws the tab anew. */
export function useResults(session: BrowseSession): Results {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const stores = useRef<Results | undefined>(undefined);
  stores.current ??= {
    results: new ResultStore({
      search: (query, offset, signal) => session.search(query, offset, signal),
      onChange: draw,
      restMs: TYPING_MS,
    }),
    marks: new MarkStore({
      marks: (name, signal) => session.marks(name, signal),
      onChange: draw,
      restMs: RESTING_MS,
    }),
  };
  const { results, marks } = stores.current;
  useEffect(
    () => () => {
      results.close();
      marks.close();
    },
    [results, marks],
  );
  useEffect(() => {
    let wasOffline = false;
    return session.onOffline(offline => {
      // What the cache gave is a part of what the registry gives.
      if (wasOffline && !offline) {
        marks.forget();
        results.refresh();
      }
      wasOffline = offline;
    });
  }, [session, results, marks]);
  return stores.current;
}
