/**
 * The code by which Node and its libraries tell one failure from another, such as `ENOENT`.
 * @returns undefined for what is no error, or has no such code
 */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
