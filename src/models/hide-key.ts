const HIDDEN = '***';
/** As much of a key in a row gives it away; in an error, parsers quote such pieces of what they could not read. */
const PIECE = 8;
/** Shorter ones are words such as "ollama", which local servers are given for want of a key and answers may say. */
const SHORTEST_IN_ANSWERS = 16;

/** A text for an error, without the key, without pieces of it, and without what leads back to it. */
export function hideKeyAndPieces(text: string, key: string | undefined): string {
  if (key === undefined || key === '') return text;
  const whole = text.replaceAll(key, HIDDEN);
  const forms = formsOf(key);
  const isPiece = (piece: string) => forms.some(form => form.includes(piece));
  let shown = '';
  for (let at = 0; at < whole.length; ) {
    let length = 0;
    while (at + length < whole.length && isPiece(whole.slice(at, at + length + 1))) length++;
    const secret = length >= PIECE;
    shown += secret ? HIDDEN : whole.charAt(at);
    at += secret ? length : 1;
  }
  return shown;
}

/** The key as it may stand in a header, an address or a dump: also in base64, wherever in the encoded text it begins. */
function formsOf(key: string): readonly string[] {
  const bytes = Buffer.from(key);
  const base64 = [0, 1, 2].flatMap(before => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]);
    // The characters at both ends also say something of what stands beside the key.
    const inner = (text: string) =>
      text.slice(before === 0 ? 0 : before + 1, Math.floor((encoded.length * 8) / 6));
    return [inner(encoded.toString('base64')), inner(encoded.toString('base64url'))];
  });
  const hex = bytes.toString('hex');
  return [key, encodeURIComponent(key), hex, hex.toUpperCase(), ...base64];
}

/** An answer without the key, which some endpoints and proxies repeat. */
export function hideKey(text: string, key: string | undefined): string {
  return key === undefined || key.length < SHORTEST_IN_ANSWERS ? text : text.replaceAll(key, HIDDEN);
}

/** As `hideKey`, for a text that arrives in parts: what may be the beginning of the key waits for what follows. */
export function keyHider(
  key: string | undefined,
  write: (text: string) => void,
): { readonly push: (part: string) => void; readonly end: () => void } {
  let held = '';
  return {
    push(part) {
      const text = hideKey(held + part, key);
      const cut = text.length - beginningAtEnd(text, key);
      held = text.slice(cut);
      if (cut > 0) write(text.slice(0, cut));
    },
    end() {
      if (held !== '') write(held);
      held = '';
    },
  };
}

/** How many characters at the end of a text are the beginning of the key. */
function beginningAtEnd(text: string, key = ''): number {
  if (key.length < SHORTEST_IN_ANSWERS) return 0;
  for (let length = Math.min(text.length, key.length - 1); length > 0; length--) {
    if (text.endsWith(key.slice(0, length))) return length;
  }
  return 0;
}
