/**
 * Cyrillic and Greek letters that look like a Latin one in common typefaces, and that letter. Letters that look like
 * nothing else (λ, Ω, Ж) are left out: "λx" and "kΩ" deceive nobody.
 * @see https://www.unicode.org/reports/tr39/#Confusable_Detection
 */
export const LOOKALIKES: ReadonlyMap<string, string> = new Map([
  // Cyrillic
  ...pairs('асеорхуіјѕһԁԛԝӏ', 'aceopxyijshdqwl'),
  ...pairs('АВСЕНІЈКМОРЅТХУ', 'ABCEHIJKMOPSTXY'),
  // Greek
  ...pairs('οανρυιγκ', 'oavpuiyk'),
  ...pairs('ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'ABEZHIKMNOPTYX'),
]);

function pairs(letters: string, latin: string): [string, string][] {
  return [...letters].map((letter, index) => [letter, latin.charAt(index)]);
}
