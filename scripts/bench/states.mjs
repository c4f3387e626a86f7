// What is measured: an install in each of the states that a project and a machine can be in.
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { environment, writeProject } from './clients.mjs';
import { measure } from './measure.mjs';

/** Name to how the state is brought about before each round; what a round needs from before, `prepare` makes once. */
export const STATES = {
  cold: {
    reset({ home, project, client }) {
      rmSync(home, { recursive: true, force: true });
      mkdirSync(home, { recursive: true });
      for (const made of [client.lockfile, ...client.linked]) {
        rmSync(path.join(project, made), { recursive: true, force: true });
      }
    },
  },
  linked: {
    prepare: install,
    // A fresh clone on a machine that has had the packages: in each round another folder, with the lockfile alone.
    reset(scene, round) {
      rmSync(`${scene.home}-clone-${round - 1}`, { recursive: true, force: true });
      const clone = `${scene.home}-clone-${round}`;
      mkdirSync(clone);
      for (const file of [...Object.keys(scene.client.files('')), scene.client.lockfile]) {
        cpSync(path.join(scene.project, file), path.join(clone, file));
      }
      return { ...scene, project: clone };
    },
  },
  nothing: { prepare: install, reset: () => undefined },
};

/**
 * Rounds of one client in one state.
 * @param {{limit: number}} scene among others: milliseconds after which an install is ended
 * @returns {Iterable} what {@link measure} found, one by one, so that clients can take turns
 */
export function* rounds(name, { client, dir, registry, roots, limit }) {
  const scene = { client, home: path.join(dir, 'home'), project: path.join(dir, 'project'), registry, limit };
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(scene.home, { recursive: true });
  writeProject(client, scene.project, { registry, roots });
  const state = STATES[name];
  state.prepare?.(scene);
  for (let round = 1; ; round++) {
    const at = state.reset(scene, round) ?? scene;
    const result = install(at);
    const isMade = existsSync(path.join(at.project, client.lockfile));
    if (!isMade && !result.isEnded) throw new Error(`${client.lockfile} is missing`);
    yield result;
  }
}

function install({ client, home, project, registry, limit }) {
  return measure([...client.command, ...client.install], {
    cwd: project,
    env: environment(client, home, registry),
    limit,
  });
}
