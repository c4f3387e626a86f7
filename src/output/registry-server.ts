import type { CreatedToken } from '../ops/registry/registry-server.js';
import type { Style } from './style.js';

/** The address alone, so that a script can take it as it is. */
export function startedText(url: string, style: Style): string {
  return style.name(url);
}

/** The token alone, so that a script can take it as it is. */
export function tokenText({ token }: CreatedToken): string {
  return token;
}
