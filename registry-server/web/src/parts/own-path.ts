/** Where somebody who signs in finds what waits for them. */
const HOME = '/web/dashboard';

/**
 * Where to go back to after signing in. The address may come from anybody's link: only paths of this registry are taken.
 * @param wanted as it stands in the address
 * @returns a path with its query; the dashboard where none is wanted, or one that leads elsewhere
 */
export function ownPath(wanted: string | undefined, origin = window.location.origin): string {
  if (wanted === undefined || !/^\/(?![/\\])/.test(wanted)) return HOME;
  const url = URL.parse(wanted, origin);
  return url?.origin === origin ? `${url.pathname}${url.search}` : HOME;
}
