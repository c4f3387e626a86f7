// Prints the secrets that the servers of one registry share, as lines of an environment file. Run it once, and keep what it
// prints: node registry-server/deploy/secrets.mjs > .env && chmod 600 .env
import { generateKeyPairSync, randomBytes } from 'node:crypto';

/** A private key on one line. */
const pem = ({ privateKey }) =>
  privateKey.export({ format: 'pem', type: 'pkcs8' }).toString().trim().replaceAll('\n', '\\n');
const word = () => randomBytes(24).toString('base64url');

const secrets = {
  PROMPD_ADMIN_TOKEN: `prompd_${randomBytes(32).toString('base64url')}`,
  PROMPD_SIGNING_KEY: pem(generateKeyPairSync('ec', { namedCurve: 'P-256' })),
  PROMPD_LOG_KEY: pem(generateKeyPairSync('ed25519')),
  PROMPD_SECRET_KEY: randomBytes(32).toString('base64'),
  PROMPD_METRICS_TOKEN: word(),
  POSTGRES_PASSWORD: word(),
  REDIS_PASSWORD: word(),
  S3_SECRET_ACCESS_KEY: word(),
};
for (const [name, value] of Object.entries(secrets)) console.log(`${name}="${value}"`);
