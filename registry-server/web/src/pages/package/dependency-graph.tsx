export interface DependencyNode {
  readonly name: string;
  readonly range: string;
  /** Its own dependencies: names and ranges. */
  readonly next: readonly (readonly [string, string])[];
}

const WIDTH = 190;
const HEIGHT = 30;
const ACROSS = 260;
const DOWN = 42;
const LETTERS = 24;

interface Box {
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

/** A package, what it depends on, and what that depends on, from left to right. Each package stands there once. */
export function DependencyGraph({ name, tree }: { name: string; tree: readonly DependencyNode[] }) {
  const first = tree.map(node => node.name);
  const isDrawn = new Set([name, ...first]);
  const second = [...new Set(tree.flatMap(({ next }) => next.map(([inner]) => inner)))].filter(
    inner => !isDrawn.has(inner),
  );
  const rows = Math.max(first.length, second.length, 1);
  const boxes = new Map<string, Box>(
    [[name], first, second].flatMap((column, across) =>
      column.map((label, index) => [
        label,
        { name: label, x: across * ACROSS, y: ((index + 0.5) / column.length) * rows * DOWN - HEIGHT / 2 },
      ]),
    ),
  );
  const edges = tree.flatMap(node => [
    [name, node.name] as const,
    ...node.next.map(([inner]) => [node.name, inner] as const),
  ]);
  const columns = second.length > 0 ? 3 : 2;
  return (
    <svg
      className="graph"
      role="img"
      aria-label={`${name} depends on ${first.join(', ')}; the list below says the same`}
      viewBox={`-2 -2 ${(columns - 1) * ACROSS + WIDTH + 4} ${rows * DOWN + 4}`}
    >
      {edges.map(([from, to]) => (
        <Edge key={`${from} ${to}`} from={boxes.get(from)} to={boxes.get(to)} />
      ))}
      {[...boxes.values()].map(({ name: label, x, y }) => (
        <g key={label}>
          <rect x={x} y={y} width={WIDTH} height={HEIGHT} rx={8} />
          <text x={x + WIDTH / 2} y={y + HEIGHT / 2}>
            {label.length > LETTERS ? `${label.slice(0, LETTERS - 1)}…` : label}
          </text>
        </g>
      ))}
    </svg>
  );
}

function Edge({ from, to }: { from: Box | undefined; to: Box | undefined }) {
  if (!from || !to) return null;
  // Within a column, or back, an edge leaves and comes in on the right.
  const isForward = to.x > from.x;
  const [x1, y1] = [from.x + WIDTH, from.y + HEIGHT / 2];
  const [x2, y2] = [isForward ? to.x : to.x + WIDTH, to.y + HEIGHT / 2];
  const bend = (ACROSS - WIDTH) / 2;
  return (
    <path d={`M${x1} ${y1} C${x1 + bend} ${y1} ${isForward ? x2 - bend : x2 + bend} ${y2} ${x2} ${y2}`} />
  );
}
