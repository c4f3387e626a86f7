import { useEffect, useState } from 'react';
import type { BrowseSession } from '../../ops/browse/session.js';

const NOTHING: ReadonlyMap<string, string> = new Map();

/** The version that the project has of each package it names. @param revision another one looks again */
export function useInstalled(session: BrowseSession, revision: number): ReadonlyMap<string, string> {
  const [installed, setInstalled] = useState(NOTHING);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another revision is what there is to look at again
  useEffect(() => {
    let isWanted = true;
    session.installedVersions().then(
      found => isWanted && setInstalled(found),
      // A project that cannot be read says so when something is done with it.
      () => isWanted && setInstalled(NOTHING),
    );
    return () => {
      isWanted = false;
    };
  }, [session, revision]);
  return installed;
}
