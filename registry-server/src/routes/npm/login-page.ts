import type { Response } from 'express';
import { escaped, problemLines, sendPage } from '../page.js';

/** The page on which a user confirms a login. */
export function sendLoginForm(
  response: Response,
  { status, device, problem }: { status: number; device: string; problem: string | undefined },
): void {
  const from = device === '' ? 'A terminal' : `A terminal on <strong>${escaped(device)}</strong>`;
  const body = [
    `<p>${from} wants to sign in to this registry. Go on only if you have just run <code>npm login</code> there`,
    'yourself: whoever started it gets the token that you enter.</p>',
    ...problemLines(problem),
    '<form method="post">',
    '<label for="token">A token of yours</label>',
    '<input id="token" name="token" type="password" required autocomplete="off" autofocus>',
    '<button type="submit">Sign in</button>',
    '</form>',
  ];
  sendPage(response, { status, body });
}

/** What is shown after a login was confirmed. */
export function sendLoginDone(response: Response, user: string): void {
  const body = [`<p>You are signed in as <strong>${escaped(user)}</strong>. Go back to the terminal.</p>`];
  sendPage(response, { status: 200, body });
}
