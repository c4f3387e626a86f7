import { useBlocker } from '@tanstack/react-router';
import { useEffect } from 'react';

/** The parts of the page on which something is not saved yet. */
const unsaved = new Set<symbol>();

/** Whoever leaves a page on which something is not saved yet is asked: by a link, with the browser's Back, or by closing the window. */
export function useUnsaved(isChanged: boolean): void {
  useEffect(() => {
    if (!isChanged) return;
    const part = Symbol('unsaved');
    unsaved.add(part);
    return () => void unsaved.delete(part);
  }, [isChanged]);
  useBlocker({
    disabled: !isChanged,
    enableBeforeUnload: isChanged,
    shouldBlockFn: ({ current, next }) => current.pathname !== next.pathname && !mayLoseUnsaved(),
  });
}

/** Asks before something is done that loses what is not saved. @returns whether it may be done */
export function mayLoseUnsaved(): boolean {
  return unsaved.size === 0 || window.confirm('What you wrote here is not saved yet. Leave, and lose it?');
}
