import type { BinaryOperator } from '../../core/template-nodes.js';
import type { Budget } from './budget.js';
import { renderFault } from './template-error.js';
import { isList, isNumeric, kindOf, Missing, type Value } from './value.js';

/** The result of an arithmetic operator or `~`, as in Python: `//` rounds down, `%` has the divisor's sign. */
export function arithmetic(
  operator: Exclude<BinaryOperator, 'or' | 'and' | '~'>,
  left: Value,
  right: Value,
  budget: Budget,
): Value {
  if (left instanceof Missing) throw left.fault();
  if (right instanceof Missing) throw right.fault();
  if (operator === '+' && typeof left === 'string' && typeof right === 'string') {
    budget.text(left.length + right.length);
    return left + right;
  }
  if (operator === '+' && isList(left) && isList(right)) {
    budget.text(left.length + right.length);
    return [...left, ...right];
  }
  if (operator === '*' && (typeof left === 'string' || isList(left)) && typeof right === 'number') {
    return repeat(left, right, budget);
  }
  if (!isNumeric(left) || !isNumeric(right)) {
    const hint = operator === '+' ? 'Join texts and other values with "~".' : undefined;
    throw renderFault(`"${operator}" cannot be applied to ${kindOf(left)} and ${kindOf(right)}.`, hint);
  }
  return finite(calculate(operator, Number(left), Number(right)), operator);
}

function calculate(operator: Exclude<BinaryOperator, 'or' | 'and' | '~'>, a: number, b: number): number {
  if (b === 0 && (operator === '/' || operator === '//' || operator === '%')) {
    throw renderFault('A division by zero.');
  }
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    case '//':
      return Math.floor(a / b);
    case '%':
      return a - b * Math.floor(a / b);
    case '**':
      return a ** b;
  }
}

function repeat(value: string | readonly Value[], times: number, budget: Budget): Value {
  if (!Number.isInteger(times)) throw renderFault('Text and lists repeat a whole number of times.');
  const count = Math.max(0, times);
  budget.text(value.length * count);
  if (typeof value === 'string') return value.repeat(count);
  return Array.from({ length: value.length * count }, (_, index) => value[index % value.length] ?? null);
}

function finite(result: number, operator: string): number {
  if (!Number.isFinite(result))
    throw renderFault(`The result of "${operator}" is too large or not a number.`);
  return result === 0 ? 0 : result;
}
