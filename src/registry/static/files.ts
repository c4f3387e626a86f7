import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { PrompdError } from '../../core/errors.js';
import { systemCode } from '../../core/system-code.js';
import type { HttpClient } from '../http.js';
import { redirectHint } from '../redirect-rules.js';

/** What a file of a static registry may cost. */
export interface FileLimits {
  /** In bytes. */
  readonly maxBytes: number;
  readonly tooLarge: () => PrompdError;
}

/** Reads a file below the registry's address; undefined when there is none. */
export type ReadFile = (path: string, limits: FileLimits) => Promise<Uint8Array | undefined>;

/** Files behind a web server or in a bucket. */
export function webFiles(http: HttpClient, registryUrl: string): ReadFile {
  return async (path, limits) => {
    const url = new URL(path, registryUrl);
    const answer = await http.send({ method: 'GET', url, decompress: !path.endsWith('.tgz'), ...limits });
    if (answer.status === 200) return answer.body;
    // Buckets that may not be listed answer 403 for what is not there.
    if (answer.status === 404 || answer.status === 403 || answer.status === 410) return undefined;
    if (answer.status === 401) {
      throw new PrompdError('EAUTH', `${url.host} asks for credentials, or does not accept those it got.`, {
        facts: { url: url.href, status: answer.status },
        hint: redirectHint(answer) ?? 'Give a token that may read there, in PROMPD_TOKEN.',
      });
    }
    throw new PrompdError('EREGISTRY', `${url.host} answered with status ${answer.status}.`, {
      facts: { url: url.href, status: answer.status },
      hint: answer.status >= 500 ? 'Try again later.' : undefined,
    });
  };
}

/** Files in a folder, whose address begins with `file:`. */
export function folderFiles(registryUrl: string): ReadFile {
  return async (path, { maxBytes, tooLarge }) => {
    const file = fileURLToPath(new URL(path, registryUrl));
    // Without O_NONBLOCK a named pipe would be waited for.
    const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(
      (error: unknown) => {
        if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return undefined;
        throw unreadable(file, error);
      },
    );
    if (handle === undefined) return undefined;
    try {
      const stat = await handle.stat();
      // A device says that it has no bytes, and never stops giving some.
      if (!stat.isFile()) throw noFile(file);
      if (stat.size > maxBytes) throw tooLarge();
      return await handle.readFile();
    } catch (error) {
      if (error instanceof PrompdError) throw error;
      throw unreadable(file, error);
    } finally {
      await handle.close();
    }
  };
}

function noFile(file: string): PrompdError {
  return new PrompdError('EBADRESPONSE', `${file} is not a plain file.`, {
    facts: { file },
    hint: 'Check the address of the registry, and whether the export was copied whole.',
  });
}

function unreadable(file: string, cause: unknown): PrompdError {
  return new PrompdError('EIO', `${file} cannot be read.`, {
    facts: { file, reason: systemCode(cause) ?? String(cause) },
    cause,
  });
}
