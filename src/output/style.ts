import pc from 'picocolors';

/** Colours by meaning. Every text reads the same without them. */
export interface Style {
  readonly name: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly strong: (text: string) => string;
}

/** @param colour whether the stream shows colours */
export function styleFor(colour: boolean): Style {
  const { cyan, dim, green, yellow, red, bold } = pc.createColors(colour);
  return { name: cyan, dim, good: green, warn: yellow, bad: red, strong: bold };
}
