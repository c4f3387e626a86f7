import type { Binding, Statement, Target, Template } from '../../core/template-nodes.js';
import { Budget, DEFAULT_LIMITS, type RenderLimits } from './budget.js';
import { Evaluator } from './evaluator.js';
import { GLOBALS } from './globals.js';
import { LoopState } from './loop.js';
import { Scope } from './scope.js';
import { renderFault, TemplateError } from './template-error.js';
import { Callable, isList, isTrue, itemsOf, Missing, Namespace, toText, type Value } from './value.js';

/**
 * Renders a template. Nothing but the variables, the filters, the tests and a few functions is reachable.
 * @param variables what names stand for
 * @throws TemplateError with an offset into the template's source
 */
export function renderTemplate(
  template: Template,
  variables: ReadonlyMap<string, Value>,
  limits: RenderLimits = DEFAULT_LIMITS,
): string {
  const budget = new Budget(limits);
  const scope = new Scope();
  for (const [name, make] of GLOBALS) scope.set(name, make(budget));
  const inner = scope.inner();
  for (const [name, value] of variables) inner.set(name, value);
  return new Renderer(new Evaluator(budget), limits.output).capture(template.body, inner);
}

class Output {
  private readonly parts: string[] = [];
  private length = 0;

  constructor(
    private readonly budget: Budget,
    private readonly limit: number,
  ) {}

  write(text: string): void {
    this.length += text.length;
    this.budget.spend(text.length);
    if (this.length <= this.limit) {
      this.parts.push(text);
      return;
    }
    const message = `The output grows over the limit of ${this.limit} characters.`;
    throw new TemplateError('ERENDERLIMIT', message, undefined);
  }

  toString(): string {
    return this.parts.join('');
  }
}

class Renderer {
  private readonly budget: Budget;

  constructor(
    private readonly evaluator: Evaluator,
    private readonly limit: number,
  ) {
    this.budget = evaluator.budget;
  }

  capture(body: readonly Statement[], scope: Scope): string {
    const output = new Output(this.budget, this.limit);
    this.run(body, scope, output);
    return output.toString();
  }

  private run(body: readonly Statement[], scope: Scope, output: Output): void {
    for (const statement of body) {
      this.budget.spend(10);
      try {
        this.execute(statement, scope, output);
      } catch (error) {
        if (!(error instanceof TemplateError)) throw error;
        if (this.budget.isThorough && error.code !== 'ERENDERLIMIT') continue;
        throw error.placedAt(statement.at);
      }
    }
  }

  private execute(node: Statement, scope: Scope, output: Output): void {
    switch (node.kind) {
      case 'text':
        output.write(node.text);
        return;
      case 'output':
        output.write(toText(this.evaluator.evaluate(node.value, scope), this.budget));
        return;
      case 'if': {
        if (this.budget.isThorough) {
          for (const { body } of node.branches) this.run(body, scope, output);
          this.run(node.otherwise, scope, output);
          return;
        }
        const branch = node.branches.find(({ test }) => isTrue(this.evaluator.evaluate(test, scope)));
        this.run(branch ? branch.body : node.otherwise, scope, output);
        return;
      }
      case 'for': {
        this.loop(node, this.iterable(node, scope), { scope, output, depth: 0 });
        return;
      }
      case 'set':
        this.assign(node.target, this.evaluator.evaluate(node.value, scope), scope);
        return;
      case 'set-block': {
        const text = this.capture(node.body, scope.inner());
        const value = node.filters ? this.evaluator.applyFilters(node.filters, text, scope) : text;
        this.assign(node.target, value, scope);
        return;
      }
      case 'with': {
        const inner = scope.inner();
        for (const { name, value } of node.bindings) {
          if (value) inner.set(name, this.evaluator.evaluate(value, scope));
        }
        this.run(node.body, inner, output);
        return;
      }
      case 'macro':
        scope.set(node.name, this.macro(node.name, node, scope));
        return;
      case 'call-block': {
        if (node.call.kind !== 'call') throw new TypeError('the parser admits calls only');
        const target = this.evaluator.evaluate(node.call.target, scope);
        const args = this.evaluator.arguments(node.call.args, scope);
        const named = new Map([...args.named, ['caller', this.macro('caller', node, scope)] as const]);
        const result = this.evaluator.call(target, { positional: args.positional, named });
        output.write(toText(result, this.budget));
        return;
      }
      case 'filter-block': {
        const text = this.capture(node.body, scope.inner());
        output.write(toText(this.evaluator.applyFilters(node.filters, text, scope), this.budget));
        return;
      }
    }
  }

  private iterable(node: Extract<Statement, { kind: 'for' }>, scope: Scope): Value {
    if (!this.budget.isThorough) return this.evaluator.evaluate(node.iterable, scope);
    try {
      return [...itemsOf(this.evaluator.evaluate(node.iterable, scope), this.budget)];
    } catch (error) {
      if (!(error instanceof TemplateError) || error.code === 'ERENDERLIMIT') throw error;
      return [];
    }
  }

  private loop(
    node: Extract<Statement, { kind: 'for' }>,
    value: Value,
    { scope, output, depth }: { scope: Scope; output: Output; depth: number },
  ): void {
    const all = itemsOf(value, this.budget);
    const { filter } = node;
    const items = filter
      ? all.filter(item => {
          const inner = scope.inner();
          this.assignNames(node.names, item, inner);
          return isTrue(this.evaluator.evaluate(filter, inner));
        })
      : all;
    if (items.length === 0) {
      if (this.budget.isThorough) this.run(node.body, scope.inner(), output);
      this.run(node.otherwise, scope, output);
      return;
    }
    const state = new LoopState(items, depth, this.budget);
    const variable = state.variable(({ positional: [children = null] }) => {
      if (!node.recursive) throw renderFault('Only a loop that is "recursive" can be called.');
      const nested = new Output(this.budget, this.limit);
      this.loop(node, children, { scope, output: nested, depth: depth + 1 });
      return nested.toString();
    });
    for (const item of items) {
      this.budget.spend(20);
      const inner = scope.inner();
      this.assignNames(node.names, item, inner);
      inner.set('loop', variable);
      this.run(node.body, inner, output);
      state.advance();
    }
  }

  private macro(
    name: string,
    { parameters, body }: { parameters: readonly Binding[]; body: readonly Statement[] },
    scope: Scope,
  ): Callable {
    return new Callable(name, args => {
      const inner = scope.inner();
      if (args.positional.length > parameters.length) {
        throw renderFault(`"${name}" takes at most ${parameters.length} arguments.`);
      }
      for (const [given, value] of args.named) {
        const index = parameters.findIndex(parameter => parameter.name === given);
        if (index === -1 && given !== 'caller') throw renderFault(`"${name}" has no argument "${given}".`);
        if (index !== -1 && index < args.positional.length)
          throw renderFault(`"${name}" is given "${given}" twice.`);
        inner.set(given, value);
      }
      for (const [index, parameter] of parameters.entries()) {
        const given =
          index < args.positional.length ? args.positional[index] : args.named.get(parameter.name);
        const fallback = parameter.value;
        const value = given === undefined && fallback ? this.evaluator.evaluate(fallback, inner) : given;
        inner.set(parameter.name, value === undefined ? new Missing(parameter.name, 'unknown') : value);
      }
      return this.capture(body, inner);
    });
  }

  private assign(target: Target, value: Value, scope: Scope): void {
    if (target.kind === 'names') {
      this.assignNames(target.names, value, scope);
      return;
    }
    const object = scope.get(target.object);
    if (!(object instanceof Namespace)) {
      throw renderFault(
        `"${target.object}" is not a namespace, so its members cannot be set.`,
        'Make one with {% set ns = namespace(total=0) %}.',
      );
    }
    object.members.set(target.name, value);
  }

  private assignNames(names: readonly string[], value: Value, scope: Scope): void {
    const [only, ...others] = names;
    if (only !== undefined && others.length === 0) {
      scope.set(only, value);
      return;
    }
    if (!isList(value) || value.length !== names.length) {
      throw renderFault(`The names ${names.join(', ')} need a list of ${names.length} items.`);
    }
    for (const [index, name] of names.entries()) scope.set(name, value[index] ?? null);
  }
}
