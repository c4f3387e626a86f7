import { collisionKey } from './entry-path.js';

interface Place {
  readonly path: string;
  readonly kind: 'file' | 'folder';
}

/** Remembers the paths of a package and tells when a new one would meet an old one on some file system. */
export class PathRegister {
  readonly #places = new Map<string, Place>();

  /**
   * Adds a path and the folders above it.
   * @returns what is wrong with it, or undefined when it is free
   */
  add(path: string, kind: Place['kind']): string | undefined {
    const names = path.split('/');
    for (let depth = 1; depth < names.length; depth++) {
      const fault = this.#put({ path: names.slice(0, depth).join('/'), kind: 'folder' });
      if (fault) return fault;
    }
    const known = this.#places.get(collisionKey(path));
    if (known?.path === path && known.kind === 'file' && kind === 'file') return 'it is there twice';
    return this.#put({ path, kind });
  }

  #put(place: Place): string | undefined {
    const key = collisionKey(place.path);
    const known = this.#places.get(key);
    if (!known) {
      this.#places.set(key, place);
      return undefined;
    }
    if (known.path !== place.path)
      return `it collides with "${known.path}" where case or accents do not count`;
    if (known.kind !== place.kind) return 'it is a file and a folder at once';
    return undefined;
  }
}
