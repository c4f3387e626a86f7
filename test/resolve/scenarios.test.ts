import test from 'ava';
import { PrompdError } from '#prompd/core/errors.js';
import { resolve, solutionOf, type Universe, universeSource } from '#prompd/resolve/index.js';
import { SCENARIOS, type Scenario } from './scenarios.js';

for (const [title, scenario] of Object.entries(SCENARIOS)) {
  test(`${title}: ${scenario.chosen ? 'resolved' : 'not to be resolved'}`, async t => {
    t.deepEqual(await chosenIn(scenario), scenario.chosen ?? 'ENOSOLUTION');
  });
}

async function chosenIn({ root, tags = {}, overrides = {}, ...scenario }: Scenario): Promise<unknown> {
  const source = universeSource({ packages: packagesOf(scenario.packages), tags });
  try {
    const resolution = await resolve({
      root: { dependencies: root },
      overrides,
      conflicts: scenario.conflicts ?? 'error',
      source,
    });
    const { packages } = solutionOf(resolution);
    return Object.entries(packages)
      .flatMap(([name, versions]) => Object.keys(versions).map(version => `${name} ${version}`))
      .sort();
  } catch (error) {
    if (!(error instanceof PrompdError)) throw error;
    return error.code;
  }
}

function packagesOf(entries: Scenario['packages']): Universe['packages'] {
  const packages = new Map<string, Record<string, { dependencies: Record<string, string> }>>();
  for (const [id, dependencies] of Object.entries(entries)) {
    const [name = '', version = ''] = id.split(' ');
    packages.set(name, { ...packages.get(name), [version]: { dependencies: { ...dependencies } } });
  }
  return Object.fromEntries(packages);
}
