import { stat } from 'node:fs/promises';
import path from 'node:path';
import { fitsRequirements, LOCKFILE } from '../../lockfile/index.js';
import { VENDOR_FOLDER } from '../../store/index.js';
import type { Context } from '../context.js';
import { describeLink, listProject } from '../install/list.js';
import { movedPackages } from '../lockfile/moved-packages.js';
import { openProject, requirementsOf } from '../project/project.js';
import { linksOf } from '../project/project-links.js';
import { vendor } from '../store/vendor.js';
import { type Check, checked, type Finding, fine } from './doctor-check.js';

/** The project that the user stands in; none outside of one. */
export async function projectChecks(context: Context): Promise<Check[]> {
  const lockfile = await checked('Lockfile', () => lockfileFinding(context));
  const dir = await openProject(context).then(
    project => project.dir,
    () => undefined,
  );
  if (dir === undefined) return [lockfile];
  const checks = [lockfile];
  if (await stat(path.join(dir, VENDOR_FOLDER)).catch(() => undefined)) {
    checks.push(await checked('Vendored packages', () => vendoredFinding(context)));
  }
  const links = await checked('Links', () => linkFinding(context, dir));
  return links.detail === NO_LINKS ? checks : [...checks, links];
}

async function lockfileFinding(context: Context): Promise<Finding> {
  const { manifest, manifestText, lockfile } = await openProject(context);
  if (manifestText === undefined) return fine('There is no project here.');
  const requirements = requirementsOf(manifest);
  if (!lockfile) {
    const wanted = { ...requirements.dependencies, ...requirements.devDependencies };
    return Object.keys(wanted).length === 0
      ? fine('The project has no dependencies.')
      : { status: 'warn', detail: `There is no ${LOCKFILE}.`, fix: 'Run "prompd install" and commit it.' };
  }
  if (!fitsRequirements(lockfile, requirements) || movedPackages(context, lockfile).length > 0) {
    return {
      status: 'fail',
      detail: `${LOCKFILE} does not say what prompd.json and the configuration ask for.`,
      fix: 'Run "prompd install" and commit it.',
    };
  }
  const missing = (await listProject(context)).dependencies.filter(
    ({ installed, linked }) => !installed && !linked,
  );
  if (missing.length === 0) return fine(`${LOCKFILE} fits, and what it names is installed.`);
  return {
    status: 'warn',
    detail: `Not installed: ${missing.map(({ asked }) => asked).join(', ')}.`,
    fix: 'Run "prompd install".',
  };
}

async function vendoredFinding(context: Context): Promise<Finding> {
  const { fits, written, removed } = await vendor(context, { check: true, use: 'never' });
  if (fits) return fine(`${VENDOR_FOLDER} fits the lockfile.`);
  return {
    status: 'warn',
    detail: `${VENDOR_FOLDER} does not fit the lockfile: ${written.length} to write, ${removed.length} to remove.`,
    fix: 'Run "prompd vendor".',
  };
}

const NO_LINKS = 'Nothing is linked.';

async function linkFinding(context: Context, dir: string): Promise<Finding> {
  const links = [...(await linksOf(context, dir))];
  if (links.length === 0) return fine(NO_LINKS);
  for (const [name, folder] of links) {
    if ((await describeLink(name, folder)).version !== undefined) continue;
    return {
      status: 'fail',
      detail: `${name} is linked to ${folder}, which is no longer that package.`,
      fix: `Run "prompd unlink ${name}".`,
    };
  }
  return fine(links.map(([name, folder]) => `${name} is linked to ${folder}`).join(', '));
}
