/** One step of a chain: who asks, and for what it gets. */
export interface Step<Node> {
  /** Undefined for the root. */
  readonly from: Node | undefined;
  readonly to: Node;
}

export interface Chains<Link> {
  /** From the root to the goal, shortest first; of equals in the order of the links. */
  readonly chains: readonly (readonly Link[])[];
  /** Whether there are, or may be, more. */
  readonly isCut: boolean;
}

/** Steps that may be looked at before the search is given up: a bound on cyclic graphs, where chains end blindly. */
const MAX_STEPS = 200_000;

/**
 * The ways from the root to a node that visit no node twice, the shortest first. A graph can have exponentially many:
 * at most `limit` are found, and what that costs grows with their length and not with the graph's number of ways. Works
 * backwards from the goal, always continuing with the way that can be the shortest in the end (A* with exact distances).
 * @param links every link that leads to a node reachable from the root
 */
export function shortestChains<Node, Link extends Step<Node>>(
  links: readonly Link[],
  goal: Node,
  limit: number,
): Chains<Link> {
  const into = new Map<Node, Link[]>();
  for (const link of links) into.set(link.to, [...(into.get(link.to) ?? []), link]);
  const distances = distancesFromRoot(links);
  const open = new Buckets<Way<Link>>();
  const push = (node: Node, way: Way<Link>) => {
    for (const link of [...(into.get(node) ?? [])].reverse()) {
      const rest = link.from === undefined ? 0 : distances.get(link.from);
      if (rest === undefined || (link.from !== undefined && visits(way, link.from, goal))) continue;
      const length = way.length + 1;
      open.push(length + rest, { link, next: way, length });
    }
  };
  push(goal, { length: 0 });
  const chains: Link[][] = [];
  for (let steps = 0; steps < MAX_STEPS; steps++) {
    const way = open.pop();
    if (!way) return { chains, isCut: false };
    if (chains.length === limit) return { chains, isCut: true };
    if (way.link?.from === undefined) chains.push(linksOf(way));
    else push(way.link.from, way);
  }
  return { chains, isCut: true };
}

/** The end of a chain, up to the goal. */
interface Way<Link> {
  readonly link?: Link;
  readonly next?: Way<Link>;
  readonly length: number;
}

function linksOf<Link>(way: Way<Link>): Link[] {
  const links: Link[] = [];
  for (let at: Way<Link> | undefined = way; at?.link; at = at.next) links.push(at.link);
  return links;
}

function visits<Node>(way: Way<Step<Node>>, node: Node, goal: Node): boolean {
  if (node === goal) return true;
  for (let at: Way<Step<Node>> | undefined = way; at?.link; at = at.next)
    if (at.link.from === node) return true;
  return false;
}

function distancesFromRoot<Node>(links: readonly Step<Node>[]): Map<Node, number> {
  const out = new Map<Node | undefined, Node[]>();
  for (const { from, to } of links) out.set(from, [...(out.get(from) ?? []), to]);
  const distances = new Map<Node, number>();
  let front = out.get(undefined) ?? [];
  for (let distance = 1; front.length > 0; distance++) {
    const next: Node[] = [];
    for (const node of front) {
      if (distances.has(node)) continue;
      distances.set(node, distance);
      next.push(...(out.get(node) ?? []));
    }
    front = next;
  }
  return distances;
}

/** A queue by small whole numbers; of equals the last in comes out first. */
class Buckets<T> {
  readonly #buckets: T[][] = [];
  #lowest = 0;

  push(rank: number, item: T): void {
    while (this.#buckets.length <= rank) this.#buckets.push([]);
    this.#buckets[rank]?.push(item);
    this.#lowest = Math.min(this.#lowest, rank);
  }

  pop(): T | undefined {
    for (; this.#lowest < this.#buckets.length; this.#lowest++) {
      const item = this.#buckets[this.#lowest]?.pop();
      if (item !== undefined) return item;
    }
    return undefined;
  }
}
