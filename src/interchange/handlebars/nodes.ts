/** Syntax tree of a Handlebars template. Lines count from 1 in the file. */
export type HandlebarsNode =
  | { readonly kind: 'text'; readonly line: number; readonly text: string }
  | { readonly kind: 'value'; readonly line: number; readonly call: HandlebarsCall }
  | HandlebarsBlock
  | {
      readonly kind: 'partial';
      readonly line: number;
      readonly name: string;
      readonly context: HandlebarsExpression | undefined;
      readonly hash: HandlebarsCall['hash'];
    };

export interface HandlebarsBlock {
  readonly kind: 'block';
  readonly line: number;
  readonly call: HandlebarsCall;
  /** `{{^x}}`: shown when there is nothing. */
  readonly inverted: boolean;
  /** `as |item index|`. */
  readonly names: readonly string[];
  readonly body: readonly HandlebarsNode[];
  readonly otherwise: readonly HandlebarsNode[];
}

/** A path with arguments: with any, a helper. */
export interface HandlebarsCall {
  readonly target: HandlebarsExpression;
  readonly args: readonly HandlebarsExpression[];
  readonly hash: readonly (readonly [string, HandlebarsExpression])[];
}

export type HandlebarsExpression =
  | {
      readonly kind: 'path';
      /** How many `../` stand in front. */
      readonly up: number;
      /** `@index`, `@root.x`. */
      readonly data: boolean;
      /** Empty for `this`. */
      readonly parts: readonly string[];
      /** Whether it was written with `this` in front, and so can be no helper. */
      readonly explicit: boolean;
    }
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'call'; readonly call: HandlebarsCall };
