/**
 * Template source that renders to a text, whatever is in it: for texts that come from elsewhere and become prompts.
 * A text without template syntax stays as it is.
 * @param text with `\n` line ends
 */
export function literalTemplate(text: string): string {
  if (!text.includes('{')) return text;
  // Only an `endraw` tag could end the block early: its opening goes in as a value.
  const inside = text.replace(/\{(?=%[-+]?\s{0,20}endraw)/g, '{% endraw %}{{ "{" }}{% raw %}');
  return `{% raw %}${inside}{% endraw %}`;
}
