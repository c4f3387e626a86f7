/** Where an operator reads what uplinks do. */
export interface MirrorLog {
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}
