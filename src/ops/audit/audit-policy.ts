import path from 'node:path';
import { NoReadableFile, readCheckoutFile } from '../../config/checkout-file.js';
import type { AuditLevel } from '../../core/audit-severity.js';
import { PrompdError } from '../../core/errors.js';
import { POLICY_FILE, type Policy, readPolicy } from '../../scan/index.js';
import type { Context } from '../context.js';

/** Far larger than any policy. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * The policy of a project: only the file at its root counts, never one that a package brings.
 * @param dir absolute
 * @throws PrompdError EBADJSON, ECONFIG
 */
export async function projectPolicy(dir: string): Promise<Policy> {
  try {
    const bytes = await readCheckoutFile(path.join(dir, POLICY_FILE), MAX_BYTES);
    return bytes ? readPolicy(bytes.toString('utf8'), POLICY_FILE) : { level: undefined, ignore: [] };
  } catch (error) {
    if (!(error instanceof NoReadableFile)) throw error;
    throw new PrompdError('ECONFIG', `${POLICY_FILE} cannot be read. ${error.message}`, {
      facts: { file: path.join(dir, POLICY_FILE) },
      hint: 'docs/scanning.md describes the file.',
      cause: error,
    });
  }
}

/** From which severity on an audit fails: flag, variable, the policy, configuration files, default. */
export function auditLevel({ config }: Context, policy: Policy, byDefault: AuditLevel): AuditLevel {
  const set = config.auditLevel;
  if (set && (set.origin === 'flag' || set.origin === 'environment')) return set.level;
  return policy.level ?? set?.level ?? byDefault;
}
