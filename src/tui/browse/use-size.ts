import { useStdout } from 'ink';
import { useEffect, useState } from 'react';

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** What a terminal that does not tell its size most likely has. */
const USUAL: ScreenSize = { columns: 80, rows: 24 };

/** The size of the terminal, followed when it changes. */
export function useSize(): ScreenSize {
  const { stdout } = useStdout();
  const [size, setSize] = useState(() => sizeOf(stdout));
  useEffect(() => {
    const measure = () => setSize(sizeOf(stdout));
    stdout.on('resize', measure);
    return () => {
      stdout.off('resize', measure);
    };
  }, [stdout]);
  return size;
}

function sizeOf({ columns, rows }: { readonly columns?: number; readonly rows?: number }): ScreenSize {
  return { columns: columns || USUAL.columns, rows: rows || USUAL.rows };
}
