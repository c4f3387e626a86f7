// The shape of the source, held by `npm run lint:graph`. ARCHITECTURE.md draws the same picture.
const PHASES = [
  'prompt',
  'tarball',
  'registry',
  'resolve',
  'fetch',
  'verify',
  'store',
  'reify',
  'lockfile',
  'scan',
  'interchange',
  'models',
  'feat',
  'compare',
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'core-is-the-bottom',
      comment: 'core/ holds values; it knows nobody',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { path: '^(src|registry-server)/', pathNot: '^src/core/' },
    },
    {
      name: 'phases-do-not-know-each-other',
      comment: 'phases exchange core values; only ops/ puts them together',
      severity: 'error',
      from: { path: `^src/(${PHASES.join('|')})/` },
      to: { path: '^(src|registry-server)/', pathNot: '^src/(core|config|$1)/' },
    },
    {
      name: 'client-renders-what-it-gets',
      comment:
        'the runtime client is a program of its own: it takes values and the format, nothing of the command line',
      severity: 'error',
      from: { path: '^src/client/' },
      to: { path: '^(src|registry-server)/', pathNot: '^src/(core|prompt|client)/' },
    },
    {
      name: 'only-ops-and-up-use-the-client',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(client|ops|commands|output|cli)/' },
      to: { path: '^src/client/' },
    },
    {
      name: 'config-stands-on-core',
      severity: 'error',
      from: { path: '^src/config/' },
      to: { path: '^(src|registry-server)/', pathNot: '^src/(core|config)/' },
    },
    {
      name: 'ops-do-not-present',
      comment: 'operations return data; commands and output come after them',
      severity: 'error',
      from: { path: '^src/ops/' },
      to: { path: '^src/(commands|output|cli|tui|lsp)/' },
    },
    {
      name: 'output-only-presents',
      comment: 'output/ may know the shape of results, not call operations',
      severity: 'error',
      from: { path: '^src/output/' },
      to: { path: '^src/(commands|cli|tui|lsp)/' },
    },
    {
      name: 'language-server-stands-on-ops',
      comment: 'it reads prompts and packages in the ways that commands do, and in no other',
      severity: 'error',
      from: { path: '^src/lsp/' },
      to: { path: '^(src|registry-server)/', pathNot: '^src/(core|config|prompt|ops|lsp)/' },
    },
    {
      name: 'only-its-command-starts-the-language-server',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(lsp|commands/lsp\\.ts$)' },
      to: { path: '^src/lsp/' },
    },
    {
      name: 'only-cli-is-above-commands',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(cli|commands)/' },
      to: { path: '^src/(cli|commands)/' },
    },
    {
      name: 'cli-packages-only-through-exports',
      comment: 'the server uses the CLI package as anybody else would',
      severity: 'error',
      from: { path: '^registry-server/' },
      to: {
        path: '^src/(?!(core|prompt|tarball|scan|verify|registry|resolve|models|feat|compare)/|ops/models/testing\\.ts$)',
      },
    },
    {
      name: 'sqlite-only-through-one-file',
      comment: 'which keeps what the addon wraps alive, see there',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/store/sqlite\\.ts$' },
      to: { path: '^node_modules/(@types/)?better-sqlite3/' },
    },
    {
      name: 'server-routes-have-no-sql',
      severity: 'error',
      from: { path: '^registry-server/src/(routes|services|domain|middleware)/' },
      to: { path: '^(registry-server/src/(adapters|migrations)/|node_modules/(kysely|pg|@electric-sql)/)' },
    },
    {
      name: 'server-domain-is-the-bottom',
      severity: 'error',
      from: { path: '^registry-server/src/domain/' },
      to: { path: '^registry-server/src/(?!domain/)' },
    },
    {
      name: 'only-declared-packages',
      severity: 'error',
      from: { path: '^(src|registry-server/src)/' },
      to: {
        // Packages of types leave nothing in what is built.
        pathNot: '^node_modules/@types/',
        dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev', 'unknown', 'undetermined'],
      },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: { path: '^(src|registry-server/src)/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    // The parser reads no JSX: what these files import is not seen, who imports them is.
    doNotFollow: { path: '(node_modules|\\.tsx$)' },
    exclude: { path: ['^(build|dist|registry-server/dist)/', '\\.d\\.ts$'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
};
