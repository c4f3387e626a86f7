export default {
  files: ['build/test/slow/**/*.test.js'],
  workerThreads: false,
  concurrency: 1,
  timeout: '20m',
  environmentVariables: { NO_COLOR: '1' },
};
