import { redact } from 'prompd/core';

/**
 * What the log says of an error. Only these members: databases attach the failing statement and its parameters to
 * theirs, with hashes of tokens and contents of packages among them.
 */
export function logError(error: unknown): object {
  if (typeof error !== 'object' || error === null) return { message: redact(String(error)) };
  const { name, type, message, code, stack, cause } = error as Record<string, unknown>;
  return {
    type: text(type) ?? text(name),
    message: redact(String(message)),
    code: text(code),
    stack: redact(text(stack) ?? ''),
    ...(cause instanceof Error ? { cause: logError(cause) } : {}),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
