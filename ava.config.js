export default {
  files: ['build/test/**/*.test.js', '!build/test/slow/**'],
  workerThreads: false,
  // One more than processors that tests are written for: some file always waits, for a browser, a database or a clock.
  concurrency: 3,
  timeout: '2m',
  environmentVariables: { NO_COLOR: '1' },
};
