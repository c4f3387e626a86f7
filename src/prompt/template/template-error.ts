import type { ErrorCode } from '../../core/error-table.js';

/** A fault in a template, at an offset of its source. The caller turns the offset into file, line and column. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';

  constructor(
    readonly code: Extract<ErrorCode, 'ETEMPLATE' | 'EUNDEFINED' | 'ERENDER' | 'ERENDERLIMIT'>,
    message: string,
    /** Offset in UTF-16 code units; undefined where only the enclosing node knows it. */
    readonly at: number | undefined,
    readonly hint?: string,
  ) {
    super(message);
  }

  /** The same fault with a place, where it had none. */
  placedAt(at: number): TemplateError {
    return this.at === undefined ? new TemplateError(this.code, this.message, at, this.hint) : this;
  }
}

/** A fault of the template's author, such as an operation that its operands do not allow. */
export function renderFault(message: string, hint?: string): TemplateError {
  return new TemplateError('ERENDER', message, undefined, hint);
}
