import test from 'ava';
import { runCli } from './cli.js';

test('the binary prints its version on stdout and nothing on stderr', async t => {
  const { code, stdout, stderr } = await runCli(['--version']);
  t.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  t.regex(stdout, /^\d+\.\d+\.\d+\n$/);
});
