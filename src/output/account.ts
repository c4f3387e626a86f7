import type { Account, LoggedOut, Login } from '../ops/registry/account.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** @param did what was done, as in "Logged in" */
export function accountText(did: string, { name, scopes, registry }: Login, style: Style): string {
  if (name === null) return `${did} to ${style.name(registry)}`;
  return `${did} to ${style.name(registry)} as ${style.strong(printable(name))}${scopes ? ` (${printable(scopes.join(', '))})` : ''}`;
}

/** The name, and what it may do where. */
export function whoamiText({ name, scopes, registry }: Account, style: Style): string {
  const rights = scopes ? `may ${printable(scopes.join(', '))} at ${registry}` : `at ${registry}`;
  return `${style.strong(printable(name))}\n${style.dim(rights)}`;
}

/** What became of the login. */
export function logoutText({ registry, removed }: LoggedOut, style: Style): string {
  return removed
    ? `Logged out of ${style.name(registry)}`
    : `There was no login at ${style.name(registry)} to forget`;
}
