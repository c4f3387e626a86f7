import type { VariableId } from './incompatibility.js';

/** Variables that changed, first in, first out, each once. */
export class ChangeQueue {
  #open: VariableId[] = [];
  /** Where the first of them is. */
  #first = 0;
  readonly #isOpen: boolean[] = [];

  add(variable: VariableId): void {
    if (this.#isOpen[variable] === true) return;
    while (this.#isOpen.length <= variable) this.#isOpen.push(false);
    this.#isOpen[variable] = true;
    this.#open.push(variable);
  }

  take(): VariableId | undefined {
    const variable = this.#open[this.#first];
    if (variable === undefined) {
      this.#open.length = 0;
      this.#first = 0;
      return undefined;
    }
    this.#first += 1;
    this.#isOpen[variable] = false;
    return variable;
  }

  clear(): void {
    while (this.take() !== undefined);
  }
}
