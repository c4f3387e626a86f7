/** How much a finding or an advisory matters, least first; the words are npm's. */
export const AUDIT_SEVERITIES = ['info', 'low', 'moderate', 'high', 'critical'] as const;
export type AuditSeverity = (typeof AUDIT_SEVERITIES)[number];

/** From which severity on something fails; `none`: never. */
export const AUDIT_LEVELS = [...AUDIT_SEVERITIES, 'none'] as const;
export type AuditLevel = (typeof AUDIT_LEVELS)[number];

/** Whether a severity reaches a level. */
export function reaches(severity: AuditSeverity, level: AuditLevel): boolean {
  return level !== 'none' && rankOf(severity) >= rankOf(level);
}

/** Orders severities, the worst first. */
export function bySeverity(a: AuditSeverity, b: AuditSeverity): number {
  return rankOf(b) - rankOf(a);
}

/** Whether one severity is worse than another. */
export function isWorse(severity: AuditSeverity, other: AuditSeverity): boolean {
  return rankOf(severity) > rankOf(other);
}

function rankOf(severity: AuditSeverity): number {
  return AUDIT_SEVERITIES.indexOf(severity);
}
