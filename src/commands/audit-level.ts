import type { Argv } from 'yargs';
import { AUDIT_LEVELS, type AuditLevel } from '../core/audit-severity.js';

export interface AuditLevelFlags {
  readonly 'audit-level': AuditLevel | undefined;
}

/** The flag that says from which severity on findings fail. */
export function auditLevelFlag<T>(yargs: Argv<T>): Argv<T & AuditLevelFlags> {
  return yargs.option('audit-level', {
    choices: AUDIT_LEVELS,
    global: false,
    describe: 'Severity from which on findings fail',
  });
}
