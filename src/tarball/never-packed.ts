/** Names that never belong to a package, at any depth: version control, installed packages, secrets, droppings. */
const NEVER: readonly RegExp[] = [
  /^\.(?:git|hg|svn)$/,
  /^(?:node_modules|prompd_packages)$/,
  /^\.(?:gitignore|gitattributes|prompdignore)$/,
  /^\.env/,
  /^\.(?:npmrc|netrc|pypirc|pgpass|htpasswd|prompdrc\.json|git-credentials)$/,
  /^id_(?:rsa|dsa|ecdsa|ed25519)/,
  /\.(?:pem|key|p12|pfx|jks|keystore|ppk)$/,
  /^\.ds_store$/,
  /^(?:thumbs\.db|desktop\.ini)$/,
];

/** What prompd and npm themselves write beside the sources. The log of an audit quotes what it found, and more. */
const NEVER_AT_ROOT: readonly RegExp[] = [/^prompd-lock\.json$/, /\.tgz$/, /\.sarif$/];

/** Whether a path, or a folder above it, is one of those that no setting can bring into a package. */
export function isNeverPacked(path: string): boolean {
  // File systems that ignore case take ".ENV" for ".env".
  const names = path.toLowerCase().split('/');
  const [first = ''] = names;
  if (names.length === 1 && NEVER_AT_ROOT.some(pattern => pattern.test(first))) return true;
  return names.some(name => NEVER.some(pattern => pattern.test(name)));
}

/** Whether a path is one that npm and prompd always pack: manifest, README and licence in the root. */
export function isAlwaysPacked(path: string): boolean {
  return /^(?:prompd\.json|(?:readme|licen[cs]e)(?:[.-][^/]*)?)$/i.test(path);
}
