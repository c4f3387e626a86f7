import { useEffect, useMemo, useState } from 'react';
import type { OpenModule } from '../module/module-frame.js';
import { type Checked, checkSource } from './check.js';
import { PublishedPackages } from './published-package.js';
import { moduleTexts } from './read-text.js';

/** Milliseconds without a key before the text is checked. */
const PAUSE = 200;
const NOTHING: Checked = { problems: [], prompt: undefined };

/** What is found in a prompt as it is typed. */
export function useChecked(path: OpenModule['path'], file: string, text: string): Checked {
  const { project, module } = path;
  const around = useMemo(
    () => ({ read: moduleTexts({ project, module }), published: new PublishedPackages() }),
    [project, module],
  );
  const [checked, setChecked] = useState<Checked>(NOTHING);
  useEffect(() => {
    let isCurrent = true;
    const timer = setTimeout(() => {
      void checkSource(file, text, around)
        .catch(
          (error: unknown): Checked => ({
            prompt: undefined,
            problems: [{ code: 'EINTERNAL', severity: 'error', message: String(error) }],
          }),
        )
        .then(found => isCurrent && setChecked(found));
    }, PAUSE);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [file, text, around]);
  return checked;
}
