import type { ResolveRequest, Universe } from '#prompd/resolve/index.js';

/** A universe whose root cannot be resolved. */
export interface ConflictShape {
  readonly packages: Universe['packages'];
  readonly tags?: Universe['tags'];
  readonly root: Readonly<Record<string, string>>;
  readonly options?: Omit<Partial<ResolveRequest>, 'root' | 'source'>;
}

const error = { conflicts: 'error' } as const;
const leaf = {};
const needs = (dependencies: Readonly<Record<string, string>>) => ({ dependencies });
const tones = { '1.0.0': leaf, '1.1.0': leaf, '2.0.0': leaf, '2.1.0': leaf };

/** Title to shape. What is said of each is in explanations.txt. */
export const CONFLICT_SHAPES: Readonly<Record<string, ConflictShape>> = {
  'the project against one dependency': {
    packages: {
      '@acme/a': {
        '1.2.0': needs({ '@common/tone': '^2.0.0' }),
        '1.3.0': needs({ '@common/tone': '^2.0.0' }),
      },
      '@common/tone': tones,
    },
    root: { '@acme/a': '^1.0.0', '@common/tone': '^1.0.0' },
    options: error,
  },
  'two dependencies against each other': {
    packages: {
      '@acme/a': { '1.0.0': needs({ '@common/tone': '^1.0.0' }) },
      '@acme/b': { '1.0.0': needs({ '@common/tone': '^2.0.0' }) },
      '@common/tone': tones,
    },
    root: { '@acme/a': '^1.0.0', '@acme/b': '^1.0.0' },
    options: error,
  },
  'two dependencies of which one has an older version that would do': {
    packages: {
      '@acme/a': { '1.0.0': needs({ '@common/tone': '^1.0.0' }) },
      '@acme/b': {
        '1.0.0': needs({ '@common/tone': '^1.0.0' }),
        '2.0.0': needs({ '@common/tone': '^2.0.0' }),
      },
      '@common/tone': tones,
    },
    root: { '@acme/a': '^1.0.0', '@acme/b': '^2.0.0' },
    options: error,
  },
  'a clash three levels down': {
    packages: {
      '@acme/a': { '1.0.0': needs({ '@acme/b': '^1.0.0' }) },
      '@acme/b': { '1.0.0': needs({ '@acme/c': '^1.0.0' }) },
      '@acme/c': { '1.0.0': needs({ '@common/tone': '^2.0.0' }) },
      '@acme/x': { '1.0.0': needs({ '@acme/y': '^1.0.0' }) },
      '@acme/y': { '1.0.0': needs({ '@common/tone': '^1.0.0' }) },
      '@common/tone': tones,
    },
    root: { '@acme/a': '*', '@acme/x': '*' },
    options: error,
  },
  'every version clashes, each in its own way': {
    packages: {
      '@acme/a': {
        '1.0.0': needs({ '@common/tone': '^2.0.0' }),
        '1.1.0': needs({ '@common/style': '^2.0.0' }),
        '1.2.0': needs({ '@common/form': '^2.0.0' }),
      },
      '@common/tone': tones,
      '@common/style': tones,
      '@common/form': tones,
    },
    root: {
      '@acme/a': '^1.0.0',
      '@common/tone': '^1.0.0',
      '@common/style': '^1.0.0',
      '@common/form': '^1.0.0',
    },
    options: error,
  },
  'some versions clash, the others need what does not exist': {
    packages: {
      '@acme/a': {
        '1.0.0': needs({ '@common/tone': '^2.0.0' }),
        '1.1.0': needs({ '@common/tone': '^2.0.0' }),
        '1.2.0': needs({ '@common/gone': '^1.0.0' }),
      },
      '@common/tone': tones,
    },
    root: { '@acme/a': '^1.0.0', '@common/tone': '^1.0.0' },
    options: error,
  },
  'a conclusion that is needed twice': {
    packages: {
      '@acme/a': {
        '1.0.0': needs({ '@common/tone': '^1.0.0', '@acme/b': '^1.0.0' }),
      },
      '@acme/b': {
        '1.0.0': needs({ '@acme/c': '^1.0.0' }),
        '1.1.0': needs({ '@acme/d': '^1.0.0' }),
      },
      '@acme/c': { '1.0.0': needs({ '@common/tone': '^2.0.0' }) },
      '@acme/d': { '1.0.0': needs({ '@common/tone': '^2.0.0' }), '1.1.0': needs({ '@acme/c': '^1.0.0' }) },
      '@common/tone': tones,
    },
    root: { '@acme/a': '^1.0.0' },
    options: error,
  },
  'a circle that closes on another version': {
    packages: {
      '@acme/a': { '1.0.0': needs({ '@acme/b': '^1.0.0' }), '2.0.0': leaf },
      '@acme/b': { '1.0.0': needs({ '@acme/a': '^2.0.0' }) },
    },
    root: { '@acme/a': '^1.0.0' },
    options: error,
  },
  'a package that depends on another version of itself': {
    packages: { '@acme/a': { '1.0.0': needs({ '@acme/a': '^2.0.0' }), '2.0.0': leaf } },
    root: { '@acme/a': '^1.0.0' },
    options: error,
  },
  'exact versions that differ': {
    packages: {
      '@acme/a': { '1.0.0': needs({ '@common/tone': '1.0.0' }) },
      '@acme/b': { '1.0.0': needs({ '@common/tone': '1.1.0' }) },
      '@common/tone': tones,
    },
    root: { '@acme/a': '1.0.0', '@acme/b': '1.0.0' },
    options: error,
  },
  'three ranges of which any two overlap': {
    packages: {
      '@acme/a': { '1.0.0': needs({ '@common/tone': '1.0.0 || 1.1.0' }) },
      '@acme/b': { '1.0.0': needs({ '@common/tone': '1.1.0 || 2.0.0' }) },
      '@acme/c': { '1.0.0': needs({ '@common/tone': '1.0.0 || 2.0.0' }) },
      '@common/tone': tones,
    },
    root: { '@acme/a': '*', '@acme/b': '*', '@acme/c': '*' },
    options: error,
  },
  'an alias against its package': {
    packages: {
      '@acme/a': { '1.0.0': needs({ '@common/tone': '^2.0.0' }) },
      '@common/tone': tones,
    },
    root: { '@acme/a': '*', old: 'prompd:@common/tone@^1.0.0' },
    options: error,
  },
  'an override that nothing can live with': {
    packages: {
      '@acme/a': { '1.0.0': needs({ '@common/tone': '^1.0.0' }) },
      '@common/tone': { '1.0.0': leaf, '2.0.0': needs({ '@common/gone': '*' }) },
    },
    root: { '@acme/a': '^1.0.0' },
    options: { overrides: { '@common/tone': '2.0.0' } },
  },
  'a dependency that does not exist': {
    packages: {
      '@acme/a': {
        '1.0.0': needs({ '@common/gone': '^1.0.0' }),
        '1.1.0': needs({ '@common/gone': '^1.0.0' }),
      },
    },
    root: { '@acme/a': '^1.0.0' },
  },
  'a range that nothing matches, where an older version would do': {
    packages: {
      '@acme/a': { '1.0.0': leaf, '2.0.0': needs({ '@common/tone': '^9.0.0' }) },
      '@common/tone': tones,
    },
    root: { '@acme/a': '^2.0.0' },
  },
  'a package without versions': {
    packages: { '@acme/a': { '1.0.0': needs({ '@common/empty': '*' }) }, '@common/empty': {} },
    root: { '@acme/a': '^1.0.0' },
  },
  'a range that only pre-releases are near': {
    packages: {
      '@acme/a': { '1.0.0': needs({ '@common/tone': '^3.0.0' }) },
      '@common/tone': { '3.0.0-beta.1': leaf, '3.0.0-beta.2': leaf, '2.0.0': leaf },
    },
    root: { '@acme/a': '^1.0.0' },
  },
  'a tag that a dependency asks for and that is not there': {
    packages: { '@acme/a': { '1.0.0': needs({ '@common/tone': 'next' }) }, '@common/tone': tones },
    tags: { '@common/tone': { latest: '2.1.0' } },
    root: { '@acme/a': '^1.0.0' },
  },
  'all that fits was withdrawn': {
    packages: {
      '@acme/a': { '1.0.0': needs({ '@common/tone': '^1.0.0' }) },
      '@common/tone': { '1.0.0': { yanked: true }, '1.1.0': { yanked: true }, '2.0.0': leaf },
    },
    root: { '@acme/a': '^1.0.0' },
  },
  'all that fits is too new': {
    packages: {
      '@acme/a': { '1.0.0': { ...needs({ '@common/tone': '^2.0.0' }), time: '2026-01-01T00:00:00Z' } },
      '@common/tone': {
        '1.0.0': { time: '2026-01-01T00:00:00Z' },
        '2.0.0': { time: '2026-03-01T00:00:00Z' },
      },
    },
    root: { '@acme/a': '^1.0.0' },
    options: {
      minimumReleaseAge: { milliseconds: 3 * 24 * 3600 * 1000, now: new Date('2026-03-02T00:00:00Z') },
    },
  },
  'all that fits was published after the date': {
    packages: {
      '@acme/a': { '1.0.0': { ...needs({ '@common/tone': '*' }), time: '2026-01-01T00:00:00Z' } },
      '@common/tone': { '1.0.0': { time: '2026-03-01T00:00:00Z' }, '1.1.0': leaf },
    },
    root: { '@acme/a': '^1.0.0' },
    options: { before: new Date('2026-02-01T00:00:00Z') },
  },
  'all that fits needs another prompd': {
    packages: {
      '@acme/a': { '1.0.0': needs({ '@common/tone': '^2.0.0' }) },
      '@common/tone': {
        '1.0.0': leaf,
        '2.0.0': { engines: { prompd: '>=3.0.0' } },
        '2.1.0': { engines: { prompd: '>=4.0.0' } },
      },
    },
    root: { '@acme/a': '^1.0.0' },
    options: { prompdVersion: '1.5.0' as never },
  },
  'the newer of two that fit needs another prompd': {
    packages: {
      '@common/tone': { '1.4.0': leaf, '2.0.0': { engines: { prompd: '>=99.0.0' } } },
    },
    root: { '@common/tone': '^2.0.0' },
    options: { prompdVersion: '1.5.0' as never },
  },
  'a folder that only the project may name': {
    packages: { '@acme/a': { '1.0.0': needs({ '@acme/b': 'file:../b' }) }, '@acme/b': { '1.0.0': leaf } },
    root: { '@acme/a': '^1.0.0' },
  },
  'failures in two branches, of which one is enough': {
    packages: {
      '@acme/a': { '1.0.0': needs({ '@acme/b': '^1.0.0', '@acme/c': '^1.0.0' }) },
      '@acme/b': { '1.0.0': needs({ '@common/gone': '*' }) },
      '@acme/c': { '1.0.0': needs({ '@common/lost': '*' }) },
    },
    root: { '@acme/a': '^1.0.0' },
  },
  'a long list of versions with gaps': {
    packages: {
      '@acme/a': Object.fromEntries(
        Array.from({ length: 12 }, (_, at) => [
          `1.${at}.0`,
          needs({ '@common/tone': at % 2 === 0 ? '^2.0.0' : '~2.1.0' }),
        ]),
      ),
      '@common/tone': tones,
    },
    root: { '@acme/a': '^1.0.0', '@common/tone': '^1.0.0' },
    options: error,
  },
  'an override that no version fits': {
    packages: { '@acme/a': { '1.0.0': leaf, '2.0.0': leaf } },
    root: { '@acme/a': '^1.0.0' },
    options: { overrides: { '@acme/a': '^9.0.0' } },
  },
  'a name that the project does not ask for, under which another package asks for something else': {
    packages: {
      '@acme/a': { '1.0.0': needs({ tone: 'prompd:@common/tone@^9.0.0' }) },
      '@common/tone': tones,
      tone: { '1.0.0': leaf, '1.1.0': leaf },
    },
    root: { '@acme/a': '^1.0.0', tone: '^1.0.0' },
  },
};
