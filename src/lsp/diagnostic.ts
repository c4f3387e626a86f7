import { type Diagnostic, DiagnosticSeverity, DiagnosticTag, type Range } from 'vscode-languageserver';
import type { Problem } from '../core/problem.js';

/** Diagnostics that one document can have: more helps nobody and makes editors slow. */
export const MAX_DIAGNOSTICS = 200;

/** A finding as an editor shows it: its advice stands below what it says. */
export function diagnosticOf(problem: Problem, range: Range): Diagnostic {
  const { code, severity, message, hint } = problem;
  const rule = 'rule' in problem && typeof problem.rule === 'string' ? problem.rule : undefined;
  return {
    range,
    severity: severity === 'error' ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    code,
    source: 'prompd',
    message: hint === undefined ? message : `${message}\n${hint}`,
    ...(code === 'EUNUSED' ? { tags: [DiagnosticTag.Unnecessary] } : {}),
    data: { message, ...(hint === undefined ? {} : { hint }), ...(rule === undefined ? {} : { rule }) },
  };
}
