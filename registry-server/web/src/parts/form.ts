import type { FormEvent } from 'react';

/** The filled fields of a form, by name, trimmed; those that are empty are absent. */
export type Filled = Readonly<Record<string, string>>;

/** Hands what a form holds to `take`, in place of sending it. */
export function submits(take: (fields: Filled, all: FormData) => void) {
  return (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const all = new FormData(event.currentTarget);
    const texts = [...all].flatMap(([name, value]) =>
      typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()] as const] : [],
    );
    take(Object.fromEntries(texts), all);
  };
}

/** The words of a field, one or several, between spaces or commas. */
export function wordsOf(text: string | undefined): string[] {
  return (text ?? '').split(/[\s,]+/).filter(word => word !== '');
}

/** The one of `known` that a field says. */
export function oneOf<T extends string>(known: readonly [T, ...T[]], text: string | undefined): T {
  return known.find(one => one === text) ?? known[0];
}
