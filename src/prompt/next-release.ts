import semver from 'semver';
import type { PromptPackage } from './package-files.js';

/**
 * A package as it will be once it is published: packages below it that ask for its name, with a range that takes its
 * version, get it instead of the older version that is installed for them now.
 */
export function nextRelease(own: PromptPackage): PromptPackage {
  const root: PromptPackage = {
    ...own,
    async dependency(asked) {
      const found = await own.dependency(asked);
      return found && seenFrom(found, root);
    },
  };
  return root;
}

function seenFrom(target: PromptPackage, own: PromptPackage): PromptPackage {
  return {
    ...target,
    async dependency(asked) {
      if (asked === own.name && takes(target, own)) return own;
      const found = await target.dependency(asked);
      return found && seenFrom(found, own);
    },
  };
}

function takes({ dependencies = {} }: PromptPackage, { name = '', version = '' }: PromptPackage): boolean {
  const range = Object.hasOwn(dependencies, name) ? dependencies[name] : undefined;
  return range !== undefined && semver.validRange(range) !== null && semver.satisfies(version, range);
}
