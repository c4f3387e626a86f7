import type { LineTable } from '../parts/line-table.js';

/** A terminal to which lines are written where something else stood for them. */
export function expanding(output: NodeJS.WriteStream, table: LineTable): NodeJS.WriteStream {
  const write = (written: string) => output.write(table.expand(written));
  return new Proxy(output, {
    get(target, name) {
      if (name === 'write') return write;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
