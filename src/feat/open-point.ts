import type { FeatBlock, Tier } from './feat-block.js';

/** Something that a tier asks for and a block does not have. */
export interface OpenPoint {
  /** Where it belongs, from the root of the manifest: `feat.monitoring.metrics`. */
  readonly path: string;
  /** Numbers of the principles that it is evidence for. */
  readonly principles: readonly number[];
  readonly message: string;
}

/** Something that a block is asked for. */
export interface Requirement {
  /** Path inside the block. */
  readonly path: string;
  readonly principles: readonly number[];
  /** The lowest tier that asks for it. */
  readonly from: Tier;
  /** The lowest tier that asks for it where customers are affected; `from` where it is not given. */
  readonly fromWithCustomers?: Tier;
  /** What is missing, as a sentence; undefined when nothing is. */
  readonly missing: (feat: FeatBlock) => string | undefined;
}
