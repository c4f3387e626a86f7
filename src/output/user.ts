import type { EndedSessions, ShownUser, UserList, UserResult } from '../ops/registry/user.js';
import type { RegistryUser } from '../registry/registry.js';
import { columns } from './columns.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** One user a line, by name. */
export function usersText({ users, registry }: UserList, style: Style): string {
  if (users.length === 0) return style.dim(`There is no such user at ${registry}.`);
  const rows = users.map(user => [line(user.name), line(user.displayName), stateOf(user)]);
  return columns(rows, (cell, _row, column) => (column === 0 ? style.strong(cell) : cell)).join('\n');
}

/** A user, and where they are signed in. */
export function shownUserText({ user, sessions }: ShownUser, style: Style): string {
  const rows = [
    ['name', line(user.name)],
    ...(user.displayName === '' ? [] : [['called', line(user.displayName)]]),
    ...(user.email === undefined ? [] : [['address', line(user.email)]]),
    ['state', stateOf(user)],
    ['password', user.hasPassword ? 'set' : 'none'],
    ['since', line(user.createdAt.slice(0, 10))],
    ...sessions.map(({ label, createdAt, expiresAt }) => [
      'session',
      line(`${label} since ${createdAt.slice(0, 16)}, until ${expiresAt.slice(0, 16)}`),
    ]),
  ];
  return columns(rows, (cell, _row, column) => (column === 0 ? style.dim(cell) : cell)).join('\n');
}

/** @param done what was done, as "made" */
export function userChangeText({ user }: UserResult, done: string, style: Style): string {
  return `${style.good(done)} ${style.strong(line(user.name))} (${stateOf(user)})`;
}

export function endedSessionsText({ name, ended }: EndedSessions, style: Style): string {
  const what = ended === 1 ? '1 session is over' : `${ended} sessions are over`;
  return `${style.strong(line(name))}: ${what}`;
}

function stateOf({ admin, disabledAt }: RegistryUser): string {
  const role = admin ? 'administrator' : 'user';
  return disabledAt === undefined ? role : line(`${role}, disabled ${disabledAt.slice(0, 10)}`);
}

function line(text: string): string {
  return printable(text).replace(/\s*\n\s*/g, ' ');
}
