import type { Metadata } from './metadata.js';

/** Metadata whose writing waits for the end of an operation. */
export interface QueuedMetadata {
  /** Reads as ever; what it is told to save, record or learn is there once it was written. */
  readonly metadata: Metadata;
  /** Writes all that came up since the last time, in one transaction. */
  write(): void;
}

/** An operation that writes once, whatever it learnt on its way: a transaction costs more than all that is in it. */
export function queuedMetadata(metadata: Metadata): QueuedMetadata {
  let queue: (() => void)[] = [];
  return {
    metadata: {
      ...metadata,
      savePackuments: entries => {
        if (entries.length > 0) queue.push(() => metadata.savePackuments(entries));
      },
      saveProtocol: (registry, protocol) => void queue.push(() => metadata.saveProtocol(registry, protocol)),
      record: (entry, placed) => void queue.push(() => metadata.record(entry, placed)),
    },
    write() {
      const writes = queue;
      queue = [];
      if (writes.length === 0) return;
      metadata.together(() => {
        for (const write of writes) write();
      });
    },
  };
}
