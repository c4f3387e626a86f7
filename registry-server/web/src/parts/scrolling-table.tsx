import type { ReactNode } from 'react';

/**
 * A table that scrolls within the page where it is wider than that, also by the keyboard.
 * @param title what it is called for who does not see it
 * @param children its rows
 */
export function ScrollingTable({
  title,
  head,
  children,
}: {
  title: string;
  head: readonly string[];
  children: ReactNode;
}) {
  return (
    <ScrollingPlace title={title}>
      <table>
        <thead>
          <tr>
            {head.map(column => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </ScrollingPlace>
  );
}

/** Where something scrolls that is wider than the page. */
export function ScrollingPlace({ title, children }: { title: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
    <section className="scrolls" tabIndex={0} aria-label={title}>
      {children}
    </section>
  );
}
