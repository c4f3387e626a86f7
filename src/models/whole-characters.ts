/**
 * Passes a stream's parts on so that none ends in the middle of a character: half of a surrogate pair waits for its
 * other half.
 */
export function wholeCharacters(write: (text: string) => void): (part: string) => void {
  let held = '';
  return part => {
    const text = held + part;
    const cut = /[\ud800-\udbff]$/.test(text) ? text.length - 1 : text.length;
    held = text.slice(cut);
    if (cut > 0) write(text.slice(0, cut));
  };
}
