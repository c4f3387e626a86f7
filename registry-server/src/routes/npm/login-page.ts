import { createHash } from 'node:crypto';
import type { Response } from 'express';

const STYLE =
  'body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:10vh auto;padding:0 1rem}' +
  'input,button{font:inherit;padding:.5rem;box-sizing:border-box}input{width:100%}button{margin-top:1rem}' +
  '.problem{border-left:.25rem solid;padding-left:.75rem}';

/** Nothing runs, nothing is loaded, the form goes to this registry, and no page may show this one inside itself. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** The page on which a user confirms a login. */
export function sendLoginForm(
  response: Response,
  { status, device, problem }: { status: number; device: string; problem: string | undefined },
): void {
  const from = device === '' ? 'A terminal' : `A terminal on <strong>${escaped(device)}</strong>`;
  send(response, status, [
    `<p>${from} wants to sign in to this registry. Go on only if you have just run <code>npm login</code> there`,
    'yourself: whoever started it gets the token that you enter.</p>',
    ...(problem === undefined ? [] : [`<p class="problem" role="alert">${escaped(problem)}</p>`]),
    '<form method="post">',
    '<label for="token">A token of yours</label>',
    '<input id="token" name="token" type="password" required autocomplete="off" autofocus>',
    '<button type="submit">Sign in</button>',
    '</form>',
  ]);
}

/** What is shown after a login was confirmed. */
export function sendLoginDone(response: Response, user: string): void {
  send(response, 200, [
    `<p>You are signed in as <strong>${escaped(user)}</strong>. Go back to the terminal.</p>`,
  ]);
}

function send(response: Response, status: number, body: readonly string[]): void {
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

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}
