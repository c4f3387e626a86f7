/** A channel of which a share of the readers gets another version. */
export interface ChannelSplit {
  readonly version: string;
  /** In percent. */
  readonly weight: number;
}

/** One change of a split. The time is ISO. */
export interface ChannelSplitMove {
  readonly from: ChannelSplit | null;
  readonly to: ChannelSplit | null;
  readonly actor: string;
  readonly reason: string | null;
  readonly movedAt: string;
}

export interface SplitChannel {
  readonly tag: string;
  /** Null while everybody gets what the channel points at. */
  readonly split: ChannelSplit | null;
  /** Oldest first. */
  readonly history: readonly ChannelSplitMove[];
}

/** What applications reported of one outcome of one prompt of one version. */
export interface FeedbackSummary {
  readonly version: string;
  readonly prompt: string;
  readonly outcome: string;
  readonly count: number;
  readonly keys: number;
  readonly scored: number;
  readonly meanScore: number | null;
  readonly lowestScore: number | null;
  readonly highestScore: number | null;
}

/** Channels that deliver two versions, and what came of it. Each method throws as those of `Registry` do, and EUNSUPPORTED. */
export interface Channels {
  show(name: string, tag: string): Promise<SplitChannel>;
  split(
    name: string,
    tag: string,
    split: ChannelSplit & { reason?: string | undefined },
  ): Promise<SplitChannel>;
  /** Gives everybody what the channel points at. */
  unsplit(name: string, tag: string): Promise<void>;
  /** @param days how far back */
  feedback(name: string, days: number): Promise<readonly FeedbackSummary[]>;
}

/** The channels of a kind of registry that delivers nothing. @param refuse throws EUNSUPPORTED */
export function noChannels(refuse: () => Promise<never>): Channels {
  return { show: refuse, split: refuse, unsplit: refuse, feedback: refuse };
}
