/** A unified diff. What a line is says its first character, too: colours only repeat it. */
export function Patch({ text }: { text: string }) {
  // The first two lines name the file, which stands above.
  const lines = text.replace(/\n$/, '').split('\n').slice(2);
  return (
    <pre className="patch">
      {lines.map((line, index) => (
        <Line key={index} line={`${line}\n`} />
      ))}
    </pre>
  );
}

function Line({ line }: { line: string }) {
  switch (line[0]) {
    case '+':
      return <ins>{line}</ins>;
    case '-':
      return <del>{line}</del>;
    case '@':
      return <span className="place">{line}</span>;
    default:
      return <span>{line}</span>;
  }
}
