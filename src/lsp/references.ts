import type { Location, Position } from 'vscode-languageserver';
import { uriOfPath } from './file-uri.js';
import { parameterFamily } from './parameter-family.js';
import { viewOf, visibleParameters } from './prompt-view.js';
import { nameAt } from './template-place.js';
import type { Workspace } from './workspace.js';

/** Every place where the parameter is declared or used that a place of a prompt names. @param path absolute */
export async function parameterReferences(
  workspace: Workspace,
  path: string,
  { text, position, declarations }: { text: string; position: Position; declarations: boolean },
): Promise<Location[]> {
  const view = await viewOf(workspace, path, text);
  const name = view && nameAt(view.sheet, view.sheet.offsetOf(position))?.name;
  if (!view || !visibleParameters(view).some(({ definition }) => definition.name === name) || !name)
    return [];
  const { sites, sheets } = await parameterFamily(workspace, view.files, { file: path, name });
  return sites
    .filter(({ kind }) => declarations || kind === 'use')
    .flatMap(({ file, at }) => {
      const range = sheets.get(file)?.rangeOf(at, at + name.length);
      return range ? [{ uri: workspace.documentAt(file)?.uri ?? uriOfPath(file), range }] : [];
    });
}
