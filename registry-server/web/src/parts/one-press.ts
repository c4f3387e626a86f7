import { useEffect } from 'react';

/**
 * A double click on a button is one press of it, and so is Enter that is held down: what the first press did may have put
 * another button in the same place, as with the next row of a list, or made a form ready to do the same once more.
 * @param place within which this holds; null until it is there
 */
export function useOnePress(place: { readonly current: HTMLElement | null }): void {
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const drop = (event: Event) => {
      if (!(event.target instanceof Element) || !isAgain(event)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    element.addEventListener('click', drop, true);
    element.addEventListener('keydown', drop, true);
    return () => {
      element.removeEventListener('click', drop, true);
      element.removeEventListener('keydown', drop, true);
    };
  }, [place]);
}

function isAgain(event: Event): boolean {
  const { target } = event;
  if (event instanceof KeyboardEvent)
    return event.repeat && event.key === 'Enter' && (isButton(target) || target instanceof HTMLInputElement);
  return event instanceof MouseEvent && event.detail > 1 && isButton(target);
}

function isButton(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('button') !== null;
}
