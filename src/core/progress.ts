/** What an operation tells about how far it is. Goes to stderr, never to stdout. */
export interface Progress {
  /** A phase begins, with the number of its items when known. */
  start(phase: 'resolve' | 'fetch' | 'publish' | 'test', total?: number): void;
  /** One more item of the phase is done. @param bytes what it weighed; @param item its name, for people */
  advance(bytes?: number, item?: string): void;
  /** The phase is over. */
  stop(): void;
  /** A warning for the user, printed once. */
  warn(message: string): void;
  /** A line of talk, shown unless the user asked for quiet. */
  info(message: string): void;
  /** What the user is to do for the command to go on: shown also where they asked for quiet. */
  say(message: string): void;
}

/** Says nothing; for callers that do not care. */
export const SILENT: Progress = {
  start() {},
  advance() {},
  stop() {},
  warn() {},
  info() {},
  say() {},
};
