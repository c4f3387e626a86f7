/**
 * Stands in for @codemirror/lang-html in the editor: what HTML a prompt holds is text to it, and the languages of the web
 * would be most of what the editor loads.
 */
export function html() {
  return { language: { parser: undefined }, support: [] };
}

/** As {@link html}: there are no tags to complete. */
export function htmlCompletionSource(): null {
  return null;
}
