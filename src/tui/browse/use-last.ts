import { useRef } from 'react';
import type { Loaded } from '../parts/use-loaded.js';

/**
 * What was there last, while it is asked for again: a screen that empties itself for a moment is hard to read.
 * @param subject another one forgets what was there
 */
export function useLast<T>(loaded: Loaded<T>, subject = ''): T | undefined {
  const last = useRef<{ readonly subject: string; readonly value: T } | undefined>(undefined);
  if (last.current?.subject !== subject) last.current = undefined;
  if (loaded.state === 'ready') last.current = { subject, value: loaded.value };
  return last.current?.value;
}
