/**
 * Where to go back to after signing in. The address may come from anybody's link: only paths of this registry are taken.
 * @param wanted as it stands in the address
 * @returns a path with its query, `/web/` where the wanted one leads elsewhere
 */
export function ownPath(wanted: string | undefined, origin = window.location.origin): string {
  if (wanted === undefined || !/^\/(?![/\\])/.test(wanted)) return '/web/';
  const url = URL.parse(wanted, origin);
  return url?.origin === origin ? `${url.pathname}${url.search}` : '/web/';
}
