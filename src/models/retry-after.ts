/**
 * What a provider asks to wait, in milliseconds from now: `retry-after-ms`, or `Retry-After` as seconds or as a date.
 * @param now milliseconds since 1970
 * @see RFC 9110, section 10.2.3
 */
export function retryAfterMs(headers: Headers, now: number): number | undefined {
  const precise = headers.get('retry-after-ms');
  if (precise !== null && /^\d+(?:\.\d+)?$/.test(precise)) return Number(precise);
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+(?:\.\d+)?$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return value === '' || Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
