// What is aimed at, each held against the figures that were found.
const EMPTY = 'node -e 0';
const OWN = 'prompd';
const NPM = 'prompd (npm registry)';
/** Times of installations are held against those of a universe of this many packages, or of the nearest size. */
const SIZE = 600;

/**
 * @returns {Array<{what: string, aim: string, found: string, isReached: boolean}>} aims without figures are left out
 */
export function aims({ rows, server }) {
  return [...clientAims(rows), ...growthAims(rows), ...serverAims(server)];
}

function clientAims(rows) {
  const size = nearest(rows, SIZE);
  const wallOf = (state, client, delay = 0) =>
    rows.find(
      row =>
        row.state === state &&
        row.client === client &&
        row.delay === delay &&
        row.packages === (state === 'version' ? 0 : size),
    )?.wall;
  const cold = `Cold, ${size} packages`;
  return [
    ...atMost(`${cold}, own registry`, 1, 'bun', wallOf('cold', OWN) / wallOf('cold', 'bun')),
    ...atMost(`${cold}, npm registry`, 1, 'pnpm 12', wallOf('cold', NPM) / wallOf('cold', 'pnpm 12')),
    ...atMost(
      `${cold}, own registry, 30 ms a request`,
      0.6,
      'bun',
      wallOf('cold', OWN, 30) / wallOf('cold', 'bun', 30),
    ),
    ...atMost('Everything cached', 1.6, code(EMPTY), wallOf('linked', OWN) / wallOf('linked', EMPTY)),
    ...atMost('Nothing to do', 1.5, code(EMPTY), wallOf('nothing', OWN) / wallOf('nothing', EMPTY)),
    ...atMost(code('--version'), 1.15, code(EMPTY), wallOf('version', OWN) / wallOf('version', EMPTY)),
  ];
}

/** Ten times the packages. */
function growthAims(rows) {
  return [OWN, NPM].flatMap(client => {
    const of = packages =>
      rows.find(
        row => row.state === 'cold' && row.delay === 0 && row.client === client && row.packages === packages,
      );
    const [small, large] = [of(SIZE), of(SIZE * 10)];
    const what = `Cold, ten times the packages, ${client === OWN ? 'own' : 'npm'} registry`;
    return [
      ...atMost(`${what}: time`, 11, `that of ${SIZE}`, large?.wall / small?.wall),
      ...atMost(`${what}: memory`, 11, `that of ${SIZE}`, large?.memory / small?.memory),
    ];
  });
}

function serverAims(server) {
  const of = (name, what) => server.find(one => one.server.startsWith(name) && one.what === what);
  const delivery = of('prompd', 'delivery');
  const bare = of('node:http', 'answer');
  const verdaccio = what => of('prompd', what)?.perSecond / of('Verdaccio', what)?.perSecond;
  return [
    ...atLeast('Deliveries a second', 0.5, 'bare node:http', delivery?.perSecond / bare?.perSecond),
    ...(delivery?.p99 === undefined
      ? []
      : [
          {
            what: '99% of deliveries',
            aim: 'within 10 ms',
            found: `${delivery.p99.toFixed(1)} ms`,
            isReached: delivery.p99 < 10,
          },
        ]),
    ...atLeast('Packuments a second', 10, 'Verdaccio', verdaccio('packument')),
    ...atLeast('Tarballs a second', 10, 'Verdaccio', verdaccio('tarball')),
  ];
}

function atMost(what, limit, unit, found) {
  return aim(what, `at most ${limit} times ${unit}`, found, found <= limit);
}

function atLeast(what, limit, unit, found) {
  return aim(what, `at least ${limit} times ${unit}`, found, found >= limit);
}

/** A figure that is missing makes the ratio no number. */
function aim(what, text, found, isReached) {
  return Number.isFinite(found) ? [{ what, aim: text, found: found.toFixed(2), isReached }] : [];
}

function nearest(rows, wanted) {
  const sizes = [...new Set(rows.map(({ packages }) => packages))].filter(size => size > 0);
  return sizes.toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0];
}

function code(text) {
  return `\`${text}\``;
}
