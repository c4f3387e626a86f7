/** Stands in for node:module in the browser: there is nothing built in. */
export function isBuiltin(): boolean {
  return false;
}
