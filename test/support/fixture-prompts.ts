import { PackageFiles, type PromptPackage } from '#prompd/prompt/index.js';
import { type FixturePackage, highestFixture } from './fixture-packages.js';

/** The files of a fixture package, with each dependency in the highest version that its range admits. */
export function fixtureFiles(fixture: FixturePackage): PackageFiles {
  return new PackageFiles(promptPackage(fixture, ''));
}

/** The packages that a fixture package depends on, as its prompts see them. */
export function fixtureDependency(fixture: FixturePackage): PromptPackage['dependency'] {
  return name => promptPackage(fixture, '').dependency(name);
}

function promptPackage({ id, name, version, files, manifest }: FixturePackage, label: string): PromptPackage {
  return {
    id,
    name,
    version,
    label,
    prompts: manifest?.prompts ?? {},
    main: manifest?.main,
    read: async path => {
      const text = files.get(path);
      return text === undefined ? undefined : new TextEncoder().encode(text);
    },
    dependency: async wanted => {
      const range = manifest?.dependencies?.[wanted];
      const dependency = range === undefined ? undefined : highestFixture(wanted, range);
      return dependency && promptPackage(dependency, dependency.id);
    },
  };
}
