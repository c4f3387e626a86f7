import { PrompdError } from 'prompd/core';
import { isInnerPath } from 'prompd/prompt';
import { DRAFT_LIMITS } from '../../domain/draft.js';
import { RequestError } from '../../domain/problem-document.js';
import type { DraftChanges, DraftContent } from '../../ports/draft-repository.js';

/** @throws RequestError ETOOLARGE for more than a draft may hold */
export function assertRoom(before: DraftContent | undefined, changes: DraftChanges): void {
  const sizes = new Map([...(before?.files ?? [])].map(([path, { content }]) => [path, content.length]));
  for (const [path, file] of changes) {
    if (file === null) sizes.delete(path);
    else sizes.set(path, file.content.length);
  }
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  const { files, total: most } = DRAFT_LIMITS;
  if (sizes.size <= files && total <= most) return;
  throw new RequestError('ETOOLARGE', 'The draft would be larger than a draft may be.', {
    facts: { files: sizes.size, maxFiles: files, size: total, maxSize: most },
    hint: 'A module holds prompts and the texts they use: split it.',
  });
}

/** @throws PrompdError EUSAGE for what cannot be a file of a package */
export function assertPath(path: string): void {
  if (isInnerPath(path) && path.length <= 300 && path !== 'package.json') return;
  throw new PrompdError('EUSAGE', `"${path.slice(0, 100)}" cannot be a file of a draft.`, {
    facts: { path: path.slice(0, 100) },
    hint: 'Use a relative path with forward slashes; package.json is made when the draft is packed.',
  });
}

/** A new prompt would lie where another file is. */
export function pathTaken(path: string): RequestError {
  return new RequestError('ECONFLICT', `The draft has a file ${path} already.`, {
    facts: { path },
    hint: 'Name another path for the prompt.',
  });
}

/** A file that is changed at an address of its own. */
export function ownAddress(path: string): PrompdError {
  return new PrompdError('EUSAGE', `${path} is not written here.`, {
    facts: { path },
    hint: 'The manifest is changed at …/draft, and prompts at …/prompts/:prompt.',
  });
}
