/** A channel whose readers get one of two versions: that which its tag points at, or another one. */
export interface ChannelSplit {
  /** The version that is tried. */
  readonly version: string;
  /** How many of a hundred readers get it. */
  readonly weight: number;
}

/** One change of a split, kept for good. */
export interface ChannelSplitMove {
  readonly from: ChannelSplit | null;
  readonly to: ChannelSplit | null;
  readonly actor: string;
  readonly reason: string | null;
  readonly movedAt: Date;
}
