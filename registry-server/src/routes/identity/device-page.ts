import type { Response } from 'express';
import type { DeviceRequest } from '../../ports/device-login-repository.js';
import { escaped, problemLines, sendPage } from '../page.js';

export interface DeviceForm {
  readonly status: number;
  /** As it was typed or came with the address. */
  readonly code: string;
  /** Who is signed in in this browser. */
  readonly user: string | undefined;
  /** What waits behind the code, where that is known. */
  readonly request: DeviceRequest | undefined;
  readonly problem: string | undefined;
}

/** The page on which a user lets a device sign in. */
export function sendDeviceForm(
  response: Response,
  { status, code, user, request, problem }: DeviceForm,
): void {
  const device = request?.label ? ` on <strong>${escaped(request.label)}</strong>` : '';
  const what = request
    ? `<strong>${escaped(request.client)}</strong>${device} wants to ${escaped(request.scopes.join(', '))} as you.`
    : 'A device shows a code that you enter here.';
  const credentials =
    user === undefined
      ? [
          '<label for="name">Your name; leave it empty to use a token</label>',
          '<input id="name" name="name" autocomplete="username">',
          '<label for="secret">Your password, or a token of yours</label>',
          '<input id="secret" name="secret" type="password" required autocomplete="current-password">',
        ]
      : [`<p>You are signed in as <strong>${escaped(user)}</strong>.</p>`];
  const body = [
    `<p>${what} Go on only if you have just started this yourself, and the code is the one that is shown there.</p>`,
    ...problemLines(problem),
    '<form method="post" action="/device">',
    '<label for="code">The code</label>',
    `<input id="code" name="code" required autocomplete="off" value="${escaped(code)}">`,
    ...credentials,
    '<button type="submit" name="answer" value="approve">Let it sign in</button>',
    '<button type="submit" name="answer" value="deny">Refuse</button>',
    '</form>',
  ];
  sendPage(response, { status, body });
}

/** What is shown after somebody has answered. */
export function sendDeviceDone(
  response: Response,
  { user, isApproved }: { user: string; isApproved: boolean },
): void {
  const text = isApproved
    ? `The device is signed in as <strong>${escaped(user)}</strong>. Go back to it.`
    : 'The device was refused.';
  sendPage(response, { status: 200, body: [`<p>${text}</p>`] });
}
