/** A package whose latest version depends on another one. */
export interface Dependent {
  readonly name: string;
  readonly version: string;
  /** What it asks for. */
  readonly range: string;
}
