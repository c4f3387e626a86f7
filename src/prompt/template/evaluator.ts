import type { Arguments, CompareOperator, Expression } from '../../core/template-nodes.js';
import type { Budget } from './budget.js';
import { filterNamed, isItemFilter } from './filter-table.js';
import { applyToItems } from './item-filter.js';
import { methodOf } from './method.js';
import { arithmetic } from './operators.js';
import type { Scope } from './scope.js';
import { asNumber, Call } from './signature.js';
import { renderFault, TemplateError } from './template-error.js';
import { testNamed } from './test.js';
import {
  type CallArguments,
  Callable,
  compare,
  contains,
  equal,
  isList,
  isTrue,
  kindOf,
  Missing,
  memberOf,
  toText,
  type Value,
} from './value.js';

/** Computes expressions. Every node is paid for; a fault without a place gets that of the innermost node. */
export class Evaluator {
  constructor(readonly budget: Budget) {}

  evaluate(node: Expression, scope: Scope): Value {
    this.budget.spend(10);
    try {
      return this.compute(node, scope);
    } catch (error) {
      throw error instanceof TemplateError ? error.placedAt(node.at) : error;
    }
  }

  /** Applies the filters of a block (`{% filter upper %}`) to its text. */
  applyFilters(node: Expression, input: Value, scope: Scope): Value {
    if (node.kind !== 'filter') throw new TypeError('a filter block holds filters');
    const value = node.target ? this.applyFilters(node.target, input, scope) : input;
    try {
      return this.filter(node.name, value, this.arguments(node.args, scope));
    } catch (error) {
      throw error instanceof TemplateError ? error.placedAt(node.at) : error;
    }
  }

  arguments(args: Arguments, scope: Scope): CallArguments {
    return {
      positional: args.positional.map(argument => this.evaluate(argument, scope)),
      named: new Map(args.named.map(([name, argument]) => [name, this.evaluate(argument, scope)])),
    };
  }

  call(target: Value, args: CallArguments): Value {
    if (target instanceof Missing) throw target.fault();
    if (!(target instanceof Callable)) throw renderFault(`${kindOf(target)} cannot be called.`);
    return this.budget.nested(() => target.call(args));
  }

  filter(name: string, input: Value, args: CallArguments): Value {
    if (isItemFilter(name)) return applyToItems(this, name, { input, args });
    const filter = filterNamed(name);
    if (!filter) throw renderFault(`There is no filter "${name}".`);
    return filter.apply(input, new Call(`The filter "${name}"`, filter.names, args, this.budget));
  }

  test(name: string, value: Value, args: CallArguments): boolean {
    const test = testNamed(name);
    if (!test) throw renderFault(`There is no test "${name}".`);
    return test.holds(value, new Call(`The test "${name}"`, test.names, args, this.budget));
  }

  private compute(node: Expression, scope: Scope): Value {
    switch (node.kind) {
      case 'literal':
        return node.value;
      case 'name':
        return orMissing(scope.get(node.name), node.name);
      case 'list':
        return node.items.map(item => this.evaluate(item, scope));
      case 'dict':
        return new Map(
          node.entries.map(([key, value]) => {
            const name = this.evaluate(key, scope);
            if (typeof name === 'string') return [name, this.evaluate(value, scope)];
            throw renderFault(`The name of a member must be text, not ${kindOf(name)}.`);
          }),
        );
      case 'attribute':
        return this.attribute(node, this.evaluate(node.target, scope));
      case 'index':
        return this.index(node, this.evaluate(node.target, scope), this.evaluate(node.index, scope));
      case 'slice':
        return this.slice(node, scope);
      case 'call':
        return this.call(this.evaluate(node.target, scope), this.arguments(node.args, scope));
      case 'filter': {
        const input = node.target ? this.evaluate(node.target, scope) : '';
        return this.filter(node.name, input, this.arguments(node.args, scope));
      }
      case 'test': {
        const holds = this.test(
          node.name,
          this.evaluate(node.target, scope),
          this.arguments(node.args, scope),
        );
        return holds !== node.negated;
      }
      case 'unary': {
        const operand = this.evaluate(node.operand, scope);
        if (node.operator === 'not') return !isTrue(operand);
        const number = asNumber(operand, `The operand of "${node.operator}"`);
        return node.operator === '-' && number !== 0 ? -number : number;
      }
      case 'binary':
        return this.binary(node, scope);
      case 'compare':
        return this.compareChain(node, scope);
      case 'condition':
        if (this.budget.isThorough) return this.bothOf(node, scope);
        if (isTrue(this.evaluate(node.test, scope))) return this.evaluate(node.yes, scope);
        return node.no ? this.evaluate(node.no, scope) : new Missing('', 'silent');
    }
  }

  private attribute(node: Extract<Expression, { kind: 'attribute' }>, target: Value): Value {
    if (target instanceof Missing) return deeper(target, `.${node.name}`);
    const member = memberOf(target, node.name);
    if (member !== undefined) return member;
    return orMissing(methodOf(target, node.name, this.budget), `${pathOf(node.target)}.${node.name}`);
  }

  private index(node: Extract<Expression, { kind: 'index' }>, target: Value, key: Value): Value {
    if (key instanceof Missing) throw key.fault();
    const step = `[${typeof key === 'string' || typeof key === 'number' ? JSON.stringify(key) : '…'}]`;
    if (target instanceof Missing) return deeper(target, step);
    return orMissing(memberOf(target, key), `${pathOf(node.target)}${step.slice(0, 80)}`);
  }

  private slice(node: Extract<Expression, { kind: 'slice' }>, scope: Scope): Value {
    const target = this.evaluate(node.target, scope);
    if (target instanceof Missing) throw target.fault();
    const text = typeof target === 'string';
    if (!text && !isList(target)) throw renderFault(`${kindOf(target)} cannot be sliced.`);
    const bound = (part: Expression | undefined) => {
      const value = part ? this.evaluate(part, scope) : null;
      return value === null ? undefined : Math.trunc(asNumber(value, 'A bound of a slice'));
    };
    const [start, stop, step] = [bound(node.start), bound(node.stop), bound(node.step) ?? 1];
    if (step === 0) throw renderFault('The step of a slice cannot be zero.');
    this.budget.spend(target.length);
    const picked = pick(target.length, { start, stop, step });
    if (!text) return picked.map(index => target[index] ?? null);
    return picked.map(index => target[index]).join('');
  }

  /** What a condition can give, whichever way it goes: both texts where there are two. */
  private bothOf({ yes, no }: Extract<Expression, { kind: 'condition' }>, scope: Scope): Value {
    const values = [yes, no].flatMap(choice => {
      try {
        return choice === undefined ? [] : [this.evaluate(choice, scope)];
      } catch (error) {
        if (error instanceof TemplateError && error.code !== 'ERENDERLIMIT') return [];
        throw error;
      }
    });
    const texts = values.filter(value => typeof value === 'string' && value !== '');
    if (texts.length < 2) return texts[0] ?? values[0] ?? '';
    const both = texts.join('\n');
    this.budget.text(both.length);
    return both;
  }

  private binary(node: Extract<Expression, { kind: 'binary' }>, scope: Scope): Value {
    const left = this.evaluate(node.left, scope);
    if (node.operator === 'or') return isTrue(left) ? left : this.evaluate(node.right, scope);
    if (node.operator === 'and') return isTrue(left) ? this.evaluate(node.right, scope) : left;
    const right = this.evaluate(node.right, scope);
    if (node.operator !== '~') return arithmetic(node.operator, left, right, this.budget);
    const [first, second] = [toText(left, this.budget), toText(right, this.budget)];
    this.budget.text(first.length + second.length);
    return first + second;
  }

  private compareChain(node: Extract<Expression, { kind: 'compare' }>, scope: Scope): boolean {
    let left = this.evaluate(node.first, scope);
    for (const [operator, operand] of node.rest) {
      const right = this.evaluate(operand, scope);
      if (!this.compares(operator, left, right)) return false;
      left = right;
    }
    return true;
  }

  private compares(operator: CompareOperator, left: Value, right: Value): boolean {
    switch (operator) {
      case '==':
        return equal(left, right, this.budget);
      case '!=':
        return !equal(left, right, this.budget);
      case '<':
        return compare(left, right, this.budget) < 0;
      case '<=':
        return compare(left, right, this.budget) <= 0;
      case '>':
        return compare(left, right, this.budget) > 0;
      case '>=':
        return compare(left, right, this.budget) >= 0;
      case 'in':
        return contains(right, left, this.budget);
      case 'not in':
        return !contains(right, left, this.budget);
    }
  }
}

function orMissing(value: Value | undefined, path: string): Value {
  return value === undefined ? new Missing(path, 'unknown') : value;
}

/** A path below something that is not there is not there either; the first missing part is what is reported. */
function deeper(missing: Missing, step: string): Missing {
  return missing.kind === 'unknown' ? missing : new Missing(missing.path + step, missing.kind);
}

function pathOf(node: Expression): string {
  if (node.kind === 'name') return node.name;
  if (node.kind === 'attribute') return `${pathOf(node.target)}.${node.name}`;
  return node.kind === 'index' ? `${pathOf(node.target)}[…]` : '(…)';
}

/** The positions that Python's `[start:stop:step]` picks. */
function pick(
  length: number,
  { start, stop, step }: { start: number | undefined; stop: number | undefined; step: number },
): number[] {
  const clamp = (value: number, least: number, most: number) =>
    Math.min(most, Math.max(least, value < 0 ? value + length : value));
  const positions: number[] = [];
  if (step > 0) {
    const end = clamp(stop ?? length, 0, length);
    for (let index = clamp(start ?? 0, 0, length); index < end; index += step) positions.push(index);
  } else {
    const end = stop === undefined ? -1 : clamp(stop, -1, length - 1);
    for (let index = clamp(start ?? length - 1, -1, length - 1); index > end; index += step)
      positions.push(index);
  }
  return positions;
}
