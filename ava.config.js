export default {
  files: ['build/test/**/*.test.js', '!build/test/slow/**'],
  workerThreads: false,
  concurrency: 2,
  timeout: '2m',
  environmentVariables: { NO_COLOR: '1' },
};
