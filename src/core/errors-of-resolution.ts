import { row } from './error-row.js';
import { EXIT } from './exit-codes.js';

/** Codes about choosing versions and keeping them, for the error table. */
export const ERRORS_OF_RESOLUTION = {
  // resolution and lockfile
  ENOSOLUTION: row(
    EXIT.noSolution,
    'No set of versions fits all ranges.',
    'Change one of the ranges that the explanation names, or add an override.',
  ),
  EEXOTICDEP: row(
    EXIT.noSolution,
    'A dependency names a folder or address, which only the project itself may do.',
    "Ask the dependency's author to publish what it needs to a registry.",
  ),
  ELOCKMISSING: row(
    EXIT.lockfile,
    'The command needs a lockfile and there is none.',
    'Run "prompd install" and commit "prompd-lock.json".',
  ),
  ELOCKOUTDATED: row(
    EXIT.lockfile,
    'The lockfile does not match prompd.json.',
    'Run "prompd install" and commit the new "prompd-lock.json".',
  ),
  ELOCKBROKEN: row(
    EXIT.lockfile,
    'The lockfile cannot be read.',
    'Restore it from version control, or remove it and run "prompd install".',
  ),
  ELOCKCONFLICT: row(
    EXIT.lockfile,
    'A merge left conflict markers in the lockfile.',
    'Run "prompd install": it merges both sides and resolves again. Then commit the new "prompd-lock.json".',
  ),
  ELOCKFUTURE: row(EXIT.lockfile, 'The lockfile was written by a newer prompd.', 'Update prompd.'),
} as const;
