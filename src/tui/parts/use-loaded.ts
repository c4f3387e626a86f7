import { useEffect, useState } from 'react';

/** Something that is asked for, and what came of it. */
export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly error: unknown };

const LOADING = { state: 'loading' } as const;

/**
 * Asks for something while it is wanted; another subject ends the request before it.
 * @param subject what it is about; undefined asks for nothing
 */
export function useLoaded<T>(
  subject: string | undefined,
  load: (signal: AbortSignal) => Promise<T>,
): Loaded<T> {
  const [loaded, setLoaded] = useState<{ readonly of: string | undefined; readonly what: Loaded<T> }>({
    of: undefined,
    what: LOADING,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the subject says when another thing is meant
  useEffect(() => {
    if (subject === undefined) return;
    const end = new AbortController();
    const settle = (what: Loaded<T>) => {
      if (!end.signal.aborted) setLoaded({ of: subject, what });
    };
    load(end.signal).then(
      value => settle({ state: 'ready', value }),
      (error: unknown) => settle({ state: 'failed', error }),
    );
    return () => end.abort();
  }, [subject]);
  return loaded.of === subject ? loaded.what : LOADING;
}
