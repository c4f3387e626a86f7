import { applyEdits, modify } from 'jsonc-parser';
import { PrompdError } from '../../core/errors.js';
import { jsonFormatting } from '../../core/json.js';
import { MANIFEST_FILE } from '../../core/manifest.js';
import type { Version } from '../../core/version.js';

/**
 * Writes a version into the text of a prompd.json and leaves every other byte of it alone.
 * @throws PrompdError EMANIFEST when the text has two members "version", of which readers take different ones
 */
export function withVersion(text: string, version: Version): string {
  const mark = text.startsWith('\ufeff') ? '\ufeff' : '';
  const body = text.slice(mark.length);
  const edits = modify(body, ['version'], version, {
    formattingOptions: jsonFormatting(body),
    getInsertionIndex: members => members.indexOf('name') + 1,
  });
  const edited = applyEdits(body, edits);
  const read: unknown = JSON.parse(edited);
  if (typeof read === 'object' && read !== null && Reflect.get(read, 'version') === version)
    return `${mark}${edited}`;
  throw new PrompdError('EMANIFEST', `${MANIFEST_FILE} has "version" twice.`, {
    facts: { file: MANIFEST_FILE },
    hint: 'Take one of them out.',
  });
}
