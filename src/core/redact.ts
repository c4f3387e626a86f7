const PATTERNS: readonly [RegExp, string][] = [
  [/\b(https?:\/\/)[^/\s:@]+(?::[^/\s@]*)?@/gi, '$1***@'],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]+/gi, '$1 ***'],
  [/\b(basic:)[A-Za-z0-9+/]{4,}={0,2}/gi, '$1***'],
  [/\bsk-[A-Za-z0-9_-]{16,}/g, 'sk-***'],
  // The folder of vendored packages begins as tokens do.
  [/\bprompd_(?!packages(?![A-Za-z0-9_-]))[A-Za-z0-9_-]{8,}/g, 'prompd_***'],
  [/([?&](?:token|access_token|api_key|key|password|secret)=)[^&\s#]+/gi, '$1***'],
];

/** Removes credentials (user info in URLs, authorization values, prompd tokens, keys of model providers, secret query values) from a text. */
export function redact(text: string): string {
  return PATTERNS.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);
}
