/** A number with what it counts: `1 package`, `1,200 packages`. @param many where the plural is no `s` at the end */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}
