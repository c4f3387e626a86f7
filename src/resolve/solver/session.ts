import type { RegistryRequirement } from '../requirement.js';
import { Encoding, type Problem } from './encoding.js';
import { Engine } from './engine.js';
import type { Incompatibility } from './incompatibility.js';

export type Result =
  | { readonly kind: 'solved' }
  | { readonly kind: 'failed'; readonly incompatibility: Incompatibility }
  | { readonly kind: 'exhausted' };

/** One engine at work on one problem, fed with packuments as it asks for them. */
export class Session {
  readonly encoding: Encoding;
  readonly problem: Problem;
  readonly #engine: Engine<RegistryRequirement>;

  /** @param split see Encoding */
  constructor(problem: Problem, split: boolean) {
    this.problem = problem;
    let encoding: Encoding | undefined;
    this.#engine = new Engine({
      expand: (variable, value) => encoding?.expand(variable, value) ?? [],
      pick: (variable, allowed) => encoding?.pick(variable, allowed) ?? 0,
      consequences: variable => encoding?.consequences(variable) ?? [],
    });
    encoding = new Encoding(this.#engine, problem, split);
    this.encoding = encoding;
  }

  /** Incompatibilities looked at so far: the measure of budgets, the same on every machine. */
  get work(): number {
    return this.#engine.work;
  }

  /** @param budget how much further work may be done */
  async run(budget: number): Promise<Result> {
    const limit = this.work + budget;
    for (;;) {
      const outcome = this.#engine.run(limit);
      if (outcome.kind !== 'needs') return outcome;
      await this.problem.table.load(outcome.needs);
    }
  }
}
