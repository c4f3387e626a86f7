import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Teardown, tempDir } from './temp.js';

/** Absolute paths of PEM files. */
export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

export interface Authority extends CertificateFiles {
  /** A certificate that the authority signed, as for `DNS:registry.example.com` or a person. */
  issue(name: string, altNames?: readonly string[]): CertificateFiles;
}

/** An authority with a key of its own, made by openssl and good for two days. */
export function makeAuthority(t: Teardown, name = 'Test authority'): Authority {
  const dir = tempDir(t);
  let count = 0;
  const make = (subject: string, args: readonly string[]): CertificateFiles => {
    count += 1;
    const certFile = path.join(dir, `${count}-cert.pem`);
    const keyFile = path.join(dir, `${count}-key.pem`);
    const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    const files = ['-keyout', keyFile, '-out', certFile, '-days', '2', '-subj', `/CN=${subject}`];
    execFileSync('openssl', [...request, ...files, ...args], { stdio: 'pipe' });
    return { certFile, keyFile };
  };
  const own = make(name, ['-addext', 'keyUsage=critical,keyCertSign']);
  return {
    ...own,
    issue: (subject, altNames = []) =>
      make(subject, [
        ...['-CA', own.certFile, '-CAkey', own.keyFile, '-addext', 'basicConstraints=critical,CA:FALSE'],
        ...(altNames.length > 0 ? ['-addext', `subjectAltName=${altNames.join(',')}`] : []),
      ]),
  };
}

/** What `tls` takes. */
export function pemOf({ certFile, keyFile }: CertificateFiles): { cert: Buffer; key: Buffer } {
  return { cert: readFileSync(certFile), key: readFileSync(keyFile) };
}
