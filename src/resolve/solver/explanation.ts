import { type DerivedCause, type Incompatibility, isDerived } from './incompatibility.js';
import type { Session } from './session.js';
import type { WrittenRange } from './version-text.js';
import { NO_SOLUTION, OWN_DEPENDENCY, Wording } from './wording.js';

/** Sentences of a longer explanation that are left: the first and the last of them. */
const KEPT_LINES = 20;
/** How deep a proof is followed. */
const MAX_DEPTH = 1000;

/**
 * Tells why there is no solution, in numbered sentences, from facts to conclusion: each derived incompatibility of the
 * proof becomes a sentence that names the two it follows from, by number where they are not just above.
 * @param failure the incompatibility with which the search ended
 */
export function explain(failure: Incompatibility, session: Session): string[] {
  const { encoding, problem } = session;
  const wording = new Wording({
    variables: encoding.variables,
    table: problem.table,
    written: writtenRanges(failure),
    domain: variable => encoding.domain(variable),
  });
  const lines = new Writer(wording, countUses(failure)).write(failure);
  if (lines.length <= 2 * KEPT_LINES + 1) return lines;
  const left = lines.length - 2 * KEPT_LINES;
  return [...lines.slice(0, KEPT_LINES), `(${left} steps of the same kind)`, ...lines.slice(-KEPT_LINES)];
}

/** The incompatibilities that are facts and that a failure rests on, each once. */
export function factsBehind(failure: Incompatibility): Incompatibility[] {
  return [...countUses(failure).keys()].filter(incompatibility => !isDerived(incompatibility));
}

type Derived = Incompatibility & { readonly cause: DerivedCause };

class Writer {
  readonly #wording: Wording;
  readonly #uses: ReadonlyMap<Incompatibility, number>;
  readonly #numbers = new Map<Incompatibility, number>();
  readonly #lines: string[] = [];
  #depth = 0;

  constructor(wording: Wording, uses: ReadonlyMap<Incompatibility, number>) {
    this.#wording = wording;
    this.#uses = uses;
  }

  write(failure: Incompatibility): string[] {
    if (isDerived(failure)) this.#visit(failure);
    else this.#line(failure, `Because ${this.#wording.say(failure)}, ${NO_SOLUTION}.`);
    return this.#lines;
  }

  #visit(incompatibility: Derived): void {
    const { left, right } = incompatibility.cause;
    const so = `${this.#wording.say(incompatibility)}.`;
    if (this.#depth >= MAX_DEPTH) {
      this.#line(incompatibility, `From a long chain of requirements follows: ${so}`);
      return;
    }
    this.#depth += 1;
    if (isDerived(left) && isDerived(right)) this.#fromTwoDerived(incompatibility, [left, right], so);
    else if (isDerived(left)) this.#fromOneDerived(incompatibility, { derived: left, fact: right }, so);
    else if (isDerived(right)) this.#fromOneDerived(incompatibility, { derived: right, fact: left }, so);
    else this.#line(incompatibility, `Because ${this.#both(left, right)}, ${so}`);
    this.#depth -= 1;
  }

  #fromTwoDerived(incompatibility: Derived, [left, right]: readonly [Derived, Derived], so: string): void {
    const known = [left, right].filter(cause => this.#numbers.has(cause));
    if (known.length === 2) {
      this.#line(incompatibility, `Because ${this.#cited(left)} and ${this.#cited(right)}, ${so}`);
      return;
    }
    // What takes longer to tell comes first, so that the other is still in mind when both are put together.
    const [first, second] = known[0]
      ? [known[0], known[0] === left ? right : left]
      : isShort(left)
        ? [right, left]
        : [left, right];
    if (!this.#numbers.has(first)) this.#visit(first);
    this.#visit(second);
    this.#line(incompatibility, `And because ${this.#cited(first)}, ${so}`);
  }

  #fromOneDerived(
    incompatibility: Derived,
    { derived, fact }: { readonly derived: Derived; readonly fact: Incompatibility },
    so: string,
  ): void {
    if (this.#numbers.has(derived)) {
      this.#line(incompatibility, `Because ${this.#wording.say(fact)} and ${this.#cited(derived)}, ${so}`);
      return;
    }
    const inner = this.#collapsible(derived);
    if (inner) {
      this.#visit(inner.derived);
      this.#line(incompatibility, `And because ${this.#both(inner.fact, fact)}, ${so}`);
      return;
    }
    this.#visit(derived);
    this.#line(incompatibility, `And because ${this.#wording.say(fact)}, ${so}`);
  }

  /** A step that is needed once and adds one fact to another step can be told in the same breath as the next. */
  #collapsible(derived: Derived): { derived: Derived; fact: Incompatibility } | undefined {
    if ((this.#uses.get(derived) ?? 0) > 1) return undefined;
    const { left, right } = derived.cause;
    const inner = isDerived(left) ? left : isDerived(right) ? right : undefined;
    const fact = inner === left ? right : left;
    if (!inner || isDerived(fact) || this.#numbers.has(inner)) return undefined;
    return { derived: inner, fact };
  }

  /** The project's own requirements come last. */
  #both(left: Incompatibility, right: Incompatibility): string {
    const texts = [...new Set([this.#wording.say(left), this.#wording.say(right)])];
    const own = texts
      .filter(text => text.startsWith(OWN_DEPENDENCY))
      .map(text => text.slice(OWN_DEPENDENCY.length));
    const others = texts.filter(text => !text.startsWith(OWN_DEPENDENCY));
    return [...others, ...(own.length > 0 ? [`${OWN_DEPENDENCY}${own.join(' and ')}`] : [])].join(' and ');
  }

  #cited(incompatibility: Incompatibility): string {
    return `${this.#wording.say(incompatibility)} (${this.#numbers.get(incompatibility)})`;
  }

  #line(incompatibility: Incompatibility, text: string): void {
    const number = this.#lines.length + 1;
    this.#numbers.set(incompatibility, number);
    this.#lines.push(`${number}. ${text}`);
  }
}

function isShort({ cause }: Derived): boolean {
  return !isDerived(cause.left) && !isDerived(cause.right);
}

/** Everything a failure rests on, itself included, and how often each is made use of. */
function countUses(failure: Incompatibility): Map<Incompatibility, number> {
  const uses = new Map<Incompatibility, number>([[failure, 1]]);
  const open = [failure];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (!isDerived(next)) continue;
    for (const cause of [next.cause.left, next.cause.right]) {
      const count = uses.get(cause) ?? 0;
      uses.set(cause, count + 1);
      if (count === 0) open.push(cause);
    }
  }
  return uses;
}

function writtenRanges(failure: Incompatibility): Map<string, WrittenRange[]> {
  const written = new Map<string, WrittenRange[]>();
  for (const { cause } of factsBehind(failure)) {
    if (cause.kind !== 'dependency' || cause.requirement.kind !== 'registry' || cause.fitting === undefined)
      continue;
    const { name, selector } = cause.requirement;
    if (selector.kind !== 'range') continue;
    written.set(name, [...(written.get(name) ?? []), { raw: selector.raw, set: cause.fitting }]);
  }
  return written;
}
