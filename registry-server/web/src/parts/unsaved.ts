import { useBlocker } from '@tanstack/react-router';

/** Whoever leaves a page on which something is not saved yet is asked: by a link, with the browser's Back, or by closing the window. */
export function useUnsaved(isChanged: boolean): void {
  useBlocker({
    disabled: !isChanged,
    enableBeforeUnload: isChanged,
    shouldBlockFn: ({ current, next }) =>
      current.pathname !== next.pathname &&
      !window.confirm('What you wrote here is not saved yet. Leave, and lose it?'),
  });
}
