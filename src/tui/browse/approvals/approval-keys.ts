import type { KeyTable } from '../../parts/keys.js';

export type InboxKey = 'open' | 'again';
export type ApprovalKey = 'approve' | 'decline' | 'close';

/** What can be done in the list of requests. */
export const INBOX_KEYS: KeyTable<InboxKey> = [
  { keys: ['enter', 'l', 'right'], action: 'open', does: 'read the request' },
  { keys: ['r'], action: 'again', does: 'ask the registry again' },
];

/** What can be done with one request. */
export const APPROVAL_KEYS: KeyTable<ApprovalKey> = [
  { keys: ['a'], action: 'approve', does: 'approve it; a reason may be typed' },
  { keys: ['d'], action: 'decline', does: 'decline it, with a reason' },
  { keys: ['escape', 'backspace', 'h', 'left'], action: 'close', does: 'back' },
];
