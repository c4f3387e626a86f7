import { call } from '../../api/call.js';
import { ApiProblem } from '../../api/problem.js';
import type { OpenModule } from '../module/module-frame.js';
import type { ReadText } from './check.js';

/** Reads the texts that a prompt is made of: from the draft, or from the version that the draft would begin as. */
export function moduleTexts(path: OpenModule['path']): ReadText {
  const known = new Map<string, Promise<string | undefined>>();
  return wanted => {
    const found = known.get(wanted) ?? read(path, wanted);
    known.set(wanted, found);
    return found;
  };
}

async function read(path: OpenModule['path'], wanted: string): Promise<string | undefined> {
  try {
    return (await call('getDraftFile', { path: { ...path, path: wanted } })).content;
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 404) throw error;
  }
  const { prompts } = await call('listPrompts', { path });
  const prompt = prompts.find(one => one.path === wanted)?.prompt;
  return prompt === undefined ? undefined : (await call('getPrompt', { path: { ...path, prompt } })).source;
}
