import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { AuditLevel } from '../../core/audit-severity.js';
import { PrompdError } from '../../core/errors.js';
import { systemCode } from '../../core/system-code.js';
import { POLICY_FILE, type Policy, readPolicy } from '../../scan/index.js';
import type { Context } from '../context.js';

/**
 * The policy of a project: only the file at its root counts, never one that a package brings.
 * @param dir absolute
 * @throws PrompdError EBADJSON, ECONFIG
 */
export async function projectPolicy(dir: string): Promise<Policy> {
  try {
    const file = path.join(dir, POLICY_FILE);
    return readPolicy(await readFile(file, 'utf8'), POLICY_FILE);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { level: undefined, ignore: [] };
    if (code !== 'EISDIR') throw error;
    throw new PrompdError('ECONFIG', `${POLICY_FILE} is a folder, and must be a file.`, {
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
