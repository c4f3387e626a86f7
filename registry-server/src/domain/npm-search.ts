/** What npm's clients write into one line of a search, taken apart. */
export interface NpmSearch {
  readonly text: string;
  readonly keyword: string | undefined;
  readonly author: string | undefined;
}

/**
 * Takes the qualifiers that the registry knows out of a search. Others stay words like any.
 * @see https://github.com/npm/registry/blob/main/docs/REGISTRY-API.md#get-v1search
 */
export function parseNpmSearch(line: string): NpmSearch {
  const found = new Map<string, string>();
  const words = line.split(/\s+/).filter(word => {
    const [, name, value] = /^(keywords?|author):(.+)$/.exec(word) ?? [];
    if (name === undefined || value === undefined) return true;
    found.set(name.replace(/s$/, ''), value);
    return false;
  });
  return { text: words.join(' '), keyword: found.get('keyword'), author: found.get('author') };
}
