import type { Block } from 'prompd/feat';

/** A part of a report. Its headings stand below those of the page. */
export function ReportBlock({ block }: { block: Block }) {
  switch (block.kind) {
    case 'heading': {
      const Heading = ({ 1: 'h2', 2: 'h3', 3: 'h4' } as const)[block.level];
      return <Heading>{block.text}</Heading>;
    }
    case 'text':
      return <p>{block.text}</p>;
    case 'list':
      return (
        <>
          {block.label !== undefined && <p className={block.open ? 'fault' : 'label'}>{block.label}</p>}
          <ul>
            {block.items.map((item, index) => (
              <li key={`${index} ${item}`}>{item}</li>
            ))}
          </ul>
        </>
      );
    case 'table':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard
        <section className="scrolls" tabIndex={0} aria-label={block.head.join(', ')}>
          <table>
            <thead>
              <tr>
                {block.head.map(cell => (
                  <th key={cell} scope="col">
                    {cell || 'Value'}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {block.rows.map((cells, row) => (
                <tr key={`${row} ${cells[0]}`}>
                  {cells.map((cell, column) => (
                    <td key={column}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      );
  }
}
