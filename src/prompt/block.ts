/** A block at the top level of a Markdown text, as far as sections depend on it; neighbours of kind `other` may be one. */
export interface Block {
  /** A heading of level 1, HTML, or anything else. */
  readonly kind: 'title' | 'html' | 'other';
  readonly start: number;
  readonly end: number;
}
