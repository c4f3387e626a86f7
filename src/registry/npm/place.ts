import type { PackageName } from '../../core/name.js';
import type { HttpClient } from '../http.js';

/** A registry's address with what speaks to it. */
export interface Place {
  readonly http: HttpClient;
  /** Ends in `/`. */
  readonly url: string;
}

/** The address of a package's document: a scoped name is one segment, as npm has always written it. */
export function documentUrl(url: string, name: PackageName): URL {
  return new URL(name.replace('/', '%2f'), url);
}
