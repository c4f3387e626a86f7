import { call } from '../../api/call.js';
import { ApiProblem } from '../../api/problem.js';
import type { OpenModule } from '../module/module-frame.js';

/** What the texts of a module are read with: undefined where there is none of that path. */
export type ReadText = (path: string) => Promise<string | undefined>;

/** Reads the texts of a module, each once: from the draft, or from the version that the draft would begin as. */
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
    const { encoding, content } = await call('getDraftFile', { path: { ...path, path: wanted } });
    return encoding === 'utf8' ? content : undefined;
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 404) throw error;
    return undefined;
  }
}
