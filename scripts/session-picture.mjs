// Draws the README's picture from what the demo printed:
// node scripts/demo.mjs | node scripts/session-picture.mjs > docs/images/session.svg
import { readFileSync } from 'node:fs';

const FONT = 13;
const LINE = 18;
const WIDTH = 860;

const printed = readFileSync(0, 'utf8').split('\n');
const lines = [
  ...section(printed, '$ prompd search', 5),
  '',
  ...section(printed, '$ prompd install', 4),
  ...section(printed, 'Installed', 1),
  '',
  ...section(printed, '$ prompd tree', 11).filter(line => !line.startsWith('/')),
  '',
  ...section(printed, '$ prompd ci', 2),
  '',
  ...section(printed, '$ prompd render', 2),
].map(line => (line.length > 102 ? `${line.slice(0, 101)}…` : line));

const height = lines.length * LINE + 60;
process.stdout.write(`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="A terminal session with prompd">
<rect width="${WIDTH}" height="${height}" rx="10" fill="#12161c"/>
<circle cx="22" cy="20" r="6" fill="#ec6a5e"/><circle cx="42" cy="20" r="6" fill="#f4bf4f"/><circle cx="62" cy="20" r="6" fill="#61c554"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="${FONT}" fill="#d6dde6" xml:space="preserve">
${lines.map((line, at) => `<text x="20" y="${52 + at * LINE}" fill="${colour(line)}">${escaped(line)}</text>`).join('\n')}
</g>
</svg>
`);

function section(all, start, count) {
  const at = all.findIndex(line => line.startsWith(start));
  if (at < 0) throw new Error(`the demo printed no "${start}"`);
  return all.slice(at, at + count);
}

function colour(line) {
  if (line.startsWith('$')) return '#7fd1ff';
  if (line.startsWith('+ ')) return '#8fdb8a';
  return line.startsWith('  ') ? '#8d99a8' : '#d6dde6';
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
