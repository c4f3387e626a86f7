import type { ErrorRow } from './error-row.js';
import { ERRORS_OF_PACKAGES } from './errors-of-packages.js';
import { ERRORS_OF_RESOLUTION } from './errors-of-resolution.js';
import { ERRORS_OF_SERVICES } from './errors-of-services.js';
import { ERRORS_OF_USE } from './errors-of-use.js';

export type { ErrorRow } from './error-row.js';

/**
 * Every code a user can meet, in errors and in validation problems alike.
 * `docs/errors.md` lists the same rows; a test holds the two together.
 */
export const ERROR_TABLE = {
  ...ERRORS_OF_USE,
  ...ERRORS_OF_PACKAGES,
  ...ERRORS_OF_SERVICES,
  ...ERRORS_OF_RESOLUTION,
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERROR_TABLE;
