/** Syntax tree of a template. `at` is the offset in the source where the node starts. */
export type Expression =
  | { readonly kind: 'literal'; readonly at: number; readonly value: string | number | boolean | null }
  | { readonly kind: 'name'; readonly at: number; readonly name: string }
  | { readonly kind: 'list'; readonly at: number; readonly items: readonly Expression[] }
  | {
      readonly kind: 'dict';
      readonly at: number;
      readonly entries: readonly (readonly [Expression, Expression])[];
    }
  | { readonly kind: 'attribute'; readonly at: number; readonly target: Expression; readonly name: string }
  | { readonly kind: 'index'; readonly at: number; readonly target: Expression; readonly index: Expression }
  | {
      readonly kind: 'slice';
      readonly at: number;
      readonly target: Expression;
      readonly start: Expression | undefined;
      readonly stop: Expression | undefined;
      readonly step: Expression | undefined;
    }
  | { readonly kind: 'call'; readonly at: number; readonly target: Expression; readonly args: Arguments }
  | {
      readonly kind: 'filter';
      readonly at: number;
      readonly target: Expression | undefined;
      readonly name: string;
      readonly args: Arguments;
    }
  | {
      readonly kind: 'test';
      readonly at: number;
      readonly target: Expression;
      readonly name: string;
      readonly args: Arguments;
      readonly negated: boolean;
    }
  | {
      readonly kind: 'unary';
      readonly at: number;
      readonly operator: UnaryOperator;
      readonly operand: Expression;
    }
  | {
      readonly kind: 'binary';
      readonly at: number;
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | {
      readonly kind: 'compare';
      readonly at: number;
      readonly first: Expression;
      readonly rest: readonly (readonly [CompareOperator, Expression])[];
    }
  | {
      readonly kind: 'condition';
      readonly at: number;
      readonly test: Expression;
      readonly yes: Expression;
      readonly no: Expression | undefined;
    };

export type UnaryOperator = 'not' | '-' | '+';
export type BinaryOperator = 'or' | 'and' | '+' | '-' | '~' | '*' | '/' | '//' | '%' | '**';
export type CompareOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in';

export interface Arguments {
  readonly positional: readonly Expression[];
  readonly named: readonly (readonly [string, Expression])[];
}

/** A formal parameter of a macro, or a binding of `with`. */
export interface Binding {
  readonly name: string;
  readonly at: number;
  readonly value: Expression | undefined;
}

/** What `set` and `for` assign to: a name, several names, or `namespace.attribute`. */
export type Target =
  | { readonly kind: 'names'; readonly at: number; readonly names: readonly string[] }
  | { readonly kind: 'member'; readonly at: number; readonly object: string; readonly name: string };

export type Statement =
  | { readonly kind: 'text'; readonly at: number; readonly text: string }
  | { readonly kind: 'output'; readonly at: number; readonly value: Expression }
  | {
      readonly kind: 'if';
      readonly at: number;
      readonly branches: readonly { readonly test: Expression; readonly body: readonly Statement[] }[];
      readonly otherwise: readonly Statement[];
    }
  | {
      readonly kind: 'for';
      readonly at: number;
      readonly names: readonly string[];
      readonly iterable: Expression;
      readonly filter: Expression | undefined;
      readonly recursive: boolean;
      readonly body: readonly Statement[];
      readonly otherwise: readonly Statement[];
    }
  | { readonly kind: 'set'; readonly at: number; readonly target: Target; readonly value: Expression }
  | {
      readonly kind: 'set-block';
      readonly at: number;
      readonly target: Target;
      readonly filters: Expression | undefined;
      readonly body: readonly Statement[];
    }
  | {
      readonly kind: 'with';
      readonly at: number;
      readonly bindings: readonly Binding[];
      readonly body: readonly Statement[];
    }
  | {
      readonly kind: 'macro';
      readonly at: number;
      readonly name: string;
      readonly parameters: readonly Binding[];
      readonly body: readonly Statement[];
    }
  | {
      readonly kind: 'call-block';
      readonly at: number;
      readonly parameters: readonly Binding[];
      readonly call: Expression;
      readonly body: readonly Statement[];
    }
  | {
      readonly kind: 'filter-block';
      readonly at: number;
      readonly filters: Expression;
      readonly body: readonly Statement[];
    };

/** A filter chain in a block (`{% filter upper %}`) starts from the block's text: its innermost target is undefined. */
export interface Template {
  readonly source: string;
  readonly body: readonly Statement[];
}
