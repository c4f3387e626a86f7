/** File in `$PROMPD_HOME`: links belong to a machine, never to a manifest or a lockfile. */
export const LINKS_FILE = 'links.json';
