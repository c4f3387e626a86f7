// From results.json to what people read: Markdown tables with ratios, and a chart.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { aims } from './aims.mjs';
import { chart } from './chart.mjs';

const TITLES = {
  cold: 'Cold: no cache, no lockfile',
  linked: 'Everything cached, with a lockfile: a fresh clone',
  nothing: 'Nothing to do',
  version: '`--version`',
};
const START = '<!-- tables: made by npm run bench -->';
const END = '<!-- end of tables -->';

/** Writes the tables into README.md of the folder, between its marks, and chart.svg. */
export function writeReport(result, folder) {
  const file = path.join(folder, 'README.md');
  const page = existsSync(file) ? readFileSync(file, 'utf8') : `# Benchmarks\n\n${START}\n${END}\n`;
  const [before, rest] = page.split(START);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`${file} has lost the marks between which the tables stand.`);
  writeFileSync(file, `${before}${START}\n\n${tables(result)}\n${END}${after}`);
  writeFileSync(path.join(folder, 'chart.svg'), chart(result.rows, TITLES));
}

function tables(result) {
  const { machine, versions, rows, server } = result;
  const parts = [
    `${machine.processors} cores (${machine.model.trim()}), ${machine.memory} GiB, Node ${machine.node}; ` +
      `${Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', ')}. ` +
      'Medians; the ratio is to `node -e 0` of the same run.',
  ];
  parts.push(`### Aims\n\n${aimTable(aims(result))}`);
  for (const group of groupsOf(rows)) parts.push(`### ${group.title}\n\n${clientTable(group.rows)}`);
  if (server.length > 0) parts.push(`### Servers\n\n${serverTable(server)}`);
  return `${parts.join('\n\n')}\n`;
}

/** The rows that can be compared with each other. */
function groupsOf(rows) {
  const groups = new Map();
  for (const row of rows) {
    const distance = row.delay > 0 ? `, ${row.delay} ms a request` : '';
    const size = row.packages > 0 ? `, ${row.packages.toLocaleString('en')} packages` : '';
    const title = `${TITLES[row.state]}${size}${distance}`;
    groups.set(title, [...(groups.get(title) ?? []), row]);
  }
  return [...groups].map(([title, members]) => ({ title, rows: members }));
}

function aimTable(all) {
  return table(
    ['what', 'aim', 'found', ''],
    all.map(({ what, aim, found, isReached }) => [what, aim, found, isReached ? 'reached' : 'missed']),
  );
}

function clientTable(rows) {
  const empty = rows.find(({ client }) => client === 'node -e 0').wall;
  return table(
    ['client', 'time', 'ratio', 'processor time', 'peak memory', 'rounds'],
    rows.map(({ client, wall, cpu, memory, rounds, isEnded }) => [
      client,
      isEnded ? `ended after ${time(wall)}` : time(wall),
      isEnded ? '' : (wall / empty).toFixed(2),
      cpu === undefined ? '' : time(cpu),
      memory === undefined ? '' : `${Math.round(memory)} MB`,
      String(rounds),
    ]),
  );
}

function serverTable(figures) {
  return table(
    ['server', 'answer', 'requests a second', '99% within'],
    figures.map(({ server, what, perSecond, p99 }) => [
      server,
      what,
      Math.round(perSecond).toLocaleString('en'),
      p99 === undefined ? '' : `${p99.toFixed(1)} ms`,
    ]),
  );
}

function table(head, lines) {
  const row = cells => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map((_, at) => (at === 0 ? '---' : '---:'))), ...lines.map(row)].join('\n');
}

function time(ms) {
  return ms < 1000 ? `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;
}
