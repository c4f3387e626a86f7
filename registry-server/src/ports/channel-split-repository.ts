import type { ChannelSplit, ChannelSplitMove } from '../domain/channel-split.js';
import type { Stamp } from '../domain/stamp.js';

export interface SplitChange {
  readonly tag: string;
  /** null ends it. */
  readonly split: ChannelSplit | null;
  readonly stamp: Stamp;
}

/** How channels are split over two versions. */
export interface ChannelSplitRepository {
  find(name: string, tag: string): Promise<ChannelSplit | undefined>;
  /** Oldest first; the last thousand. */
  moves(name: string, tag: string): Promise<readonly ChannelSplitMove[]>;
  /**
   * Splits a channel, changes its split, or ends it. Setting it to what it is changes nothing.
   * @throws PrompdError ENOVERSION when the package has no such tag, or the version is not there; EUSAGE for the version
   *   that the tag points at
   */
  set(name: string, change: SplitChange): Promise<void>;
}
