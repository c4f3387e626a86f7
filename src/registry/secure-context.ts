import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import tls, { type SecureContext } from 'node:tls';
import type { ClientCertificate } from '../config/config.js';
import { PrompdError } from '../core/errors.js';
import { systemCode } from '../core/system-code.js';

export interface TrustOptions {
  /** Absolute path of a PEM file. */
  readonly caFile: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly certificate?: ClientCertificate | undefined;
}

/** Larger than the authorities of any organisation. */
const MAX_BYTES = 8 * 1024 * 1024;
const PEM = /-----BEGIN (?:TRUSTED )?CERTIFICATE-----[^-]*-----END (?:TRUSTED )?CERTIFICATE-----/g;

/**
 * Whom to trust and who to be on safe connections: authorities are added to those that Node trusts, and to those of
 * `NODE_EXTRA_CA_CERTS`.
 * @returns undefined where Node's own will do
 * @throws PrompdError ECONFIG for files that cannot be used, naming the file
 */
export async function secureContext(options: TrustOptions): Promise<SecureContext | undefined> {
  const { caFile, env, certificate } = options;
  if (caFile === undefined && certificate === undefined) return undefined;
  const ca = caFile === undefined ? undefined : await authorities(caFile, env['NODE_EXTRA_CA_CERTS']);
  if (certificate === undefined) return tls.createSecureContext({ ca });
  const cert = await readPem(certificate.certFile, 'certificate');
  const key = await readPem(certificate.keyFile, 'key');
  try {
    return tls.createSecureContext({ ca, cert, key, passphrase: env['PROMPD_KEY_PASSPHRASE'] });
  } catch (cause) {
    throw new PrompdError('ECONFIG', 'The client certificate and its key cannot be used together.', {
      facts: { ...certificate, reason: systemCode(cause) ?? String(cause).slice(0, 200) },
      hint: 'Both are PEM files; the key of one that is encrypted is opened with PROMPD_KEY_PASSPHRASE.',
      cause,
    });
  }
}

/** All certificates of a PEM file. @throws PrompdError ECONFIG when there is none, or one is damaged */
export async function readAuthorities(file: string): Promise<X509Certificate[]> {
  const blocks = (await readPem(file, 'certificate')).match(PEM) ?? [];
  if (blocks.length === 0) throw unusable(file, 'holds no certificate', undefined);
  return blocks.map(block => {
    try {
      return new X509Certificate(block);
    } catch (cause) {
      throw unusable(file, 'holds a damaged certificate', cause);
    }
  });
}

async function authorities(file: string, extraFile: string | undefined): Promise<string[]> {
  const own = (await readAuthorities(file)).map(certificate => certificate.toString());
  return [...(await nodeAuthorities(extraFile)), ...own];
}

/** Naming authorities takes away those that Node would trust by itself. */
async function nodeAuthorities(extraFile: string | undefined): Promise<readonly string[]> {
  if ('getCACertificates' in tls && typeof tls.getCACertificates === 'function') {
    const known: unknown = tls.getCACertificates('default');
    if (Array.isArray(known)) return known.filter(one => typeof one === 'string');
  }
  // Node warns of a file that it cannot read, and goes on.
  const extra = extraFile ? await readFile(extraFile, 'utf8').catch(() => '') : '';
  return [...tls.rootCertificates, ...(extra.match(PEM) ?? [])];
}

async function readPem(file: string, what: string): Promise<string> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw unusable(file, `cannot be read as a ${what}`, cause);
  });
  if (bytes.length > MAX_BYTES) throw unusable(file, `is too large for a ${what}`, undefined);
  return bytes.toString('utf8');
}

function unusable(file: string, what: string, cause: unknown): PrompdError {
  return new PrompdError('ECONFIG', `${file} ${what}.`, {
    facts: {
      file,
      ...(cause === undefined ? {} : { reason: systemCode(cause) ?? String(cause).slice(0, 200) }),
    },
    hint: 'Name PEM files: text that begins with "-----BEGIN".',
    cause,
  });
}
