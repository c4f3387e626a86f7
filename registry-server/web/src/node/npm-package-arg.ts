/** Stands in for npm-package-arg in the browser, where nobody names packages to install. */
export default function parse(): never {
  throw new Error('Packages are installed by the command line.');
}
parse.resolve = parse;
