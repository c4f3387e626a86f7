import { randomUUID } from 'node:crypto';
import S3rver from 's3rver';
import type { S3Settings } from '#server/domain/s3-settings.js';
import { type Teardown, tempDir } from './temp.js';

/**
 * A place in a bucket, empty and of its own. It is one of s3rver, or of the real thing where `PROMPD_TEST_S3` names it:
 * `https://id:secret@endpoint/bucket?region=…`.
 */
export async function startS3(t: Teardown): Promise<S3Settings> {
  const prefix = `${randomUUID()}/`;
  const real = process.env['PROMPD_TEST_S3'];
  if (real !== undefined && real !== '') return { ...settingsOf(new URL(real)), prefix };
  const server = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory: tempDir(t),
    configureBuckets: [{ name: 'prompts' }],
  });
  const { port } = await server.run();
  t.teardown(() => server.close());
  const url = `http://S3RVER:S3RVER@127.0.0.1:${port}/prompts?region=us-east-1`;
  return { ...settingsOf(new URL(url)), prefix };
}

function settingsOf({ origin, pathname, username, password, searchParams }: URL): Omit<S3Settings, 'prefix'> {
  return {
    bucket: pathname.slice(1),
    endpoint: origin,
    region: searchParams.get('region') ?? 'us-east-1',
    credentials: {
      accessKeyId: decodeURIComponent(username),
      secretAccessKey: decodeURIComponent(password),
    },
    pathStyle: true,
  };
}
