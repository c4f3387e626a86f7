import { ERROR_TABLE, type ErrorCode } from './error-table.js';
import type { ExitCode } from './exit-codes.js';
import { redact } from './redact.js';

/** A fact that goes with an error: plain data, so that it prints the same as text and as JSON. */
export type Fact = string | number | boolean | readonly string[];
export type Facts = Readonly<Record<string, Fact>>;

export interface ErrorDetails {
  /** What was expected, found, tried: named values, printed below the message. */
  readonly facts?: Facts | undefined;
  /** One sentence that says what to do next; the one of the error table by default. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/**
 * An error that a user can do something about. Anything else that is thrown is a bug of prompd's.
 * Credentials are removed here, once, so that no caller has to remember it.
 */
export class PrompdError extends Error {
  override readonly name = 'PrompdError';
  readonly code: ErrorCode;
  readonly facts: Facts;
  readonly hint: string;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(redact(message), details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.facts = redactFacts(details.facts ?? {});
    this.hint = redact(details.hint ?? ERROR_TABLE[code].hint);
  }

  get exitCode(): ExitCode {
    return ERROR_TABLE[this.code].exit;
  }

  toJSON(): { code: ErrorCode; message: string; facts: Facts; hint: string; exitCode: ExitCode } {
    return {
      code: this.code,
      message: this.message,
      facts: this.facts,
      hint: this.hint,
      exitCode: this.exitCode,
    };
  }
}

function redactFacts(facts: Facts): Facts {
  const clean = (fact: Fact): Fact => {
    if (typeof fact === 'string') return redact(fact);
    return typeof fact === 'object' ? fact.map(redact) : fact;
  };
  return Object.fromEntries(Object.entries(facts).map(([name, fact]) => [name, clean(fact)]));
}
