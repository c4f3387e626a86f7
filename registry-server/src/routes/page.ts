import { createHash } from 'node:crypto';
import type { Response } from 'express';

const STYLE =
  'body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:10vh auto;padding:0 1rem}' +
  'input,button{font:inherit;padding:.5rem;box-sizing:border-box}input{width:100%}button{margin:1rem 1rem 0 0}' +
  '.problem{border-left:.25rem solid;padding-left:.75rem}';

/** Nothing runs, nothing is loaded, the form goes to this registry, and no page may show this one inside itself. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

export interface Page {
  readonly status: number;
  /** Lines of HTML: what comes from outside went through {@link escaped}. */
  readonly body: readonly string[];
}

/** A page of the registry's own on which people sign in. */
export function sendPage(response: Response, { status, body }: Page): void {
  response
    .status(status)
    .set('content-security-policy', POLICY)
    .set('x-frame-options', 'DENY')
    // The browser then tells with the form where it comes from, and other sites nothing.
    .set('referrer-policy', 'same-origin')
    .set('cache-control', 'no-store')
    .type('html')
    .send(
      [
        '<!doctype html>',
        '<html lang="en"><head><meta charset="utf-8"><title>Sign in</title>',
        '<meta name="viewport" content="width=device-width">',
        `<style>${STYLE}</style></head><body><main><h1>Sign in</h1>`,
        ...body,
        '</main></body></html>',
      ].join('\n'),
    );
}

/** What went wrong, above a form. */
export function problemLines(problem: string | undefined): readonly string[] {
  return problem === undefined ? [] : [`<p class="problem" role="alert">${escaped(problem)}</p>`];
}

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}
