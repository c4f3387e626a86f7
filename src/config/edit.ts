import { applyEdits, findNodeAtLocation, modify, parseTree } from 'jsonc-parser';
import { PrompdError } from '../core/errors.js';
import { formatJson, jsonFormatting } from '../core/json.js';

/**
 * Changes one setting in the text of a configuration file and leaves the rest of it as it is: order, indent and line ends.
 * An object that loses its last member goes with it.
 * @param text undefined when there is no file yet; it is known to be JSON
 * @param value undefined takes the setting out
 * @throws PrompdError ECONFIG when something on the way to the setting is no object
 */
export function editConfigText(text: string | undefined, path: readonly string[], value: unknown): string {
  if (text === undefined || text.trim() === '')
    return formatJson(value === undefined ? {} : nested(path, value));
  const formattingOptions = jsonFormatting(text);
  if (value !== undefined) {
    refuseShortForm(text, path);
    return applyEdits(text, modify(text, [...path], value, { formattingOptions }));
  }
  if (!findNodeAtLocation(treeOf(text), [...path])) return text;
  let edited = text;
  for (let depth = path.length; depth > 0; depth--) {
    const at = path.slice(0, depth);
    const node = findNodeAtLocation(treeOf(edited), [...at]);
    if (depth < path.length && (node?.children?.length ?? 0) > 0) break;
    edited = applyEdits(edited, modify(edited, [...at], undefined, { formattingOptions }));
  }
  return edited;
}

function refuseShortForm(text: string, path: readonly string[]): void {
  for (let depth = 1; depth < path.length; depth++) {
    const node = findNodeAtLocation(treeOf(text), path.slice(0, depth));
    if (!node || node.type === 'object') continue;
    const key = path.slice(0, depth).join('.');
    throw new PrompdError(
      'ECONFIG',
      `"${key}" is written as one value, so "${path.join('.')}" has no place in it.`,
      {
        facts: { key },
        hint: `Run "prompd config delete ${key}" with the same --location first, or set "${key}" as a whole, as JSON.`,
      },
    );
  }
}

function treeOf(text: string) {
  const tree = parseTree(text);
  if (!tree) throw new TypeError('the text is known to be JSON');
  return tree;
}

function nested(path: readonly string[], value: unknown): unknown {
  return path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
}
