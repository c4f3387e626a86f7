import type {
  Arguments,
  Binding,
  Expression,
  Statement,
  Target,
  Template,
} from '../../core/template-nodes.js';
import { FILTER_NAMES } from './filter-table.js';
import { GLOBALS } from './globals.js';
import { TEST_NAMES } from './test.js';

/** A use of something by name. */
export interface Use {
  readonly name: string;
  readonly at: number;
  /** Whether the use expects that there may be nothing: through `default`, or in `is defined`. */
  readonly guarded: boolean;
}

/** What a template uses from outside, and what it asks for that does not exist. */
export interface Usage {
  /** Every use of a variable that the template does not bind itself. */
  readonly variables: readonly Use[];
  readonly unknownFilters: readonly Use[];
  readonly unknownTests: readonly Use[];
  /** Variables of the kind `inputs.key`, by key. */
  readonly inputs: readonly Use[];
}

/** Finds what a template uses, without rendering it. */
export function analyse(template: Template): Usage {
  const walker = new Walker();
  walker.statements(template.body, new Set(GLOBALS.keys()));
  return walker.usage;
}

class Walker {
  readonly usage = {
    variables: [] as Use[],
    unknownFilters: [] as Use[],
    unknownTests: [] as Use[],
    inputs: [] as Use[],
  };

  /** Walks a body; names that it binds are added to `bound`. */
  statements(body: readonly Statement[], bound: Set<string>): void {
    for (const statement of body) this.statement(statement, bound);
  }

  private statement(node: Statement, bound: Set<string>): void {
    switch (node.kind) {
      case 'text':
        return;
      case 'output':
        this.expression(node.value, bound);
        return;
      case 'if':
        // A branch binds for what follows: whether it ran is only known at rendering.
        for (const { test, body } of node.branches) {
          this.expression(test, bound);
          this.statements(body, bound);
        }
        this.statements(node.otherwise, bound);
        return;
      case 'for': {
        this.expression(node.iterable, bound);
        const inner = new Set([...bound, ...node.names]);
        if (node.filter) this.expression(node.filter, inner);
        this.statements(node.body, new Set([...inner, 'loop']));
        this.statements(node.otherwise, new Set(bound));
        return;
      }
      case 'set':
        this.expression(node.value, bound);
        this.target(node.target, bound);
        return;
      case 'set-block':
        this.statements(node.body, new Set(bound));
        if (node.filters) this.expression(node.filters, bound);
        this.target(node.target, bound);
        return;
      case 'with': {
        this.bindings(node.bindings, bound);
        const names = node.bindings.map(binding => binding.name);
        this.statements(node.body, new Set([...bound, ...names]));
        return;
      }
      case 'macro':
        bound.add(node.name);
        this.callable(node.parameters, node.body, new Set([...bound, 'caller']));
        return;
      case 'call-block':
        this.expression(node.call, bound);
        this.callable(node.parameters, node.body, bound);
        return;
      case 'filter-block':
        this.expression(node.filters, bound);
        this.statements(node.body, new Set(bound));
        return;
    }
  }

  private callable(
    parameters: readonly Binding[],
    body: readonly Statement[],
    bound: ReadonlySet<string>,
  ): void {
    const inner = new Set([...bound, ...parameters.map(parameter => parameter.name)]);
    this.bindings(parameters, inner);
    this.statements(body, inner);
  }

  private bindings(bindings: readonly Binding[], bound: ReadonlySet<string>): void {
    for (const { value } of bindings) if (value) this.expression(value, bound);
  }

  private target(target: Target, bound: Set<string>): void {
    if (target.kind === 'names') for (const name of target.names) bound.add(name);
    else this.variable(target.object, target.at, bound);
  }

  private variable(name: string, at: number, bound: ReadonlySet<string>): void {
    if (!bound.has(name)) this.usage.variables.push({ name, at, guarded: this.guarded });
  }

  /** Whether the expression at hand may be missing. */
  private guarded = false;

  private guardedBy(guards: boolean, walk: () => void): void {
    const before = this.guarded;
    this.guarded = guards;
    walk();
    this.guarded = before;
  }

  private expression(node: Expression, bound: ReadonlySet<string>): void {
    // Only a path may be missing: `(a ~ b)|default("x")` still needs both.
    const path = node.kind === 'name' || node.kind === 'attribute' || node.kind === 'index';
    this.guardedBy(path && this.guarded, () => this.walk(node, bound));
  }

  private walk(node: Expression, bound: ReadonlySet<string>): void {
    switch (node.kind) {
      case 'literal':
        return;
      case 'name':
        this.variable(node.name, node.at, bound);
        return;
      case 'list':
        for (const item of node.items) this.expression(item, bound);
        return;
      case 'dict':
        for (const pair of node.entries) for (const part of pair) this.expression(part, bound);
        return;
      case 'attribute':
        if (node.target.kind === 'name' && node.target.name === 'inputs' && !bound.has('inputs')) {
          this.usage.inputs.push({ name: node.name, at: node.at, guarded: this.guarded });
        }
        this.expression(node.target, bound);
        return;
      case 'index':
        this.expression(node.target, bound);
        this.expression(node.index, bound);
        return;
      case 'slice':
        for (const part of [node.target, node.start, node.stop, node.step]) {
          if (part) this.expression(part, bound);
        }
        return;
      case 'call':
        this.expression(node.target, bound);
        this.arguments(node.args, bound);
        return;
      case 'filter':
        if (!FILTER_NAMES.has(node.name)) this.unknown(this.usage.unknownFilters, node);
        this.guardedBy(node.name === 'default' || node.name === 'd', () => {
          if (node.target) this.expression(node.target, bound);
        });
        this.arguments(node.args, bound);
        return;
      case 'test':
        if (!TEST_NAMES.has(node.name)) this.unknown(this.usage.unknownTests, node);
        this.guardedBy(node.name === 'defined' || node.name === 'undefined', () =>
          this.expression(node.target, bound),
        );
        this.arguments(node.args, bound);
        return;
      case 'unary':
        this.expression(node.operand, bound);
        return;
      case 'binary':
        this.expression(node.left, bound);
        this.expression(node.right, bound);
        return;
      case 'compare':
        this.expression(node.first, bound);
        for (const [, operand] of node.rest) this.expression(operand, bound);
        return;
      case 'condition':
        for (const part of [node.test, node.yes, node.no]) if (part) this.expression(part, bound);
    }
  }

  private unknown(list: Use[], { name, at }: { name: string; at: number }): void {
    list.push({ name, at, guarded: false });
  }

  private arguments(args: Arguments, bound: ReadonlySet<string>): void {
    for (const argument of args.positional) this.expression(argument, bound);
    for (const [, argument] of args.named) this.expression(argument, bound);
  }
}
