import { type Clock, type CompatibilityStatus, PrompdError } from 'prompd/core';
import type { ModelReport } from 'prompd/models';
import { exactModels } from 'prompd/prompt';
import type { ModelName } from 'prompd/testing';
import { type Actor, userOf } from '../domain/actor.js';
import type { Authorize } from '../domain/authorize.js';
import {
  type CompatibilityRun,
  type Evidence,
  isOver,
  type MatrixRow,
  makeRunId,
  matrixOf,
  runIsOver,
  runNotFound,
  statusOf,
} from '../domain/compatibility.js';
import { evidenceTests } from '../domain/evidence-tests.js';
import type { PackageVersion } from '../domain/package-version.js';
import { RequestError } from '../domain/problem-document.js';
import { checkedEvidence } from '../domain/reported-tests.js';
import { type Stamp, stampOf } from '../domain/stamp.js';
import type { CompatibilityRepository } from '../ports/compatibility-repository.js';
import type { SuiteRunner } from '../ports/suite-runner.js';
import { MAX_RUNS } from '../settings.js';
import type { FoundPackage, PackageReader } from './package-reader.js';
import { type PromptSurveys, REGISTRY_READER } from './prompt-surveys.js';

export interface CompatibilityPorts {
  readonly compatibility: CompatibilityRepository;
  readonly reader: PackageReader;
  readonly surveys: PromptSurveys;
  readonly runner: Pick<SuiteRunner, 'providers' | 'evidenceTime'>;
  readonly authorize: Authorize;
  readonly now: Clock;
  /** Called when there is something to run, or to stop. */
  readonly wake: () => void;
}

export interface Matrix {
  readonly package: string;
  readonly version: string;
  readonly prompts: readonly MatrixRow[];
}

/** What came of a report. */
export interface ReportReceipt {
  readonly recorded: readonly Evidence[];
  /** Prompts about which the report decides nothing, and why. */
  readonly untested: readonly { readonly prompt: string; readonly model: string; readonly reason: string }[];
}

/** Which prompts work with which models: what is known, what is being found out, and what users report. */
export class CompatibilityService {
  readonly #ports: CompatibilityPorts;

  constructor(ports: CompatibilityPorts) {
    this.#ports = ports;
  }

  /**
   * The matrix of a version.
   * @param selector an exact version or a dist-tag
   * @throws PrompdError ENOVERSION; RequestError ECHECKLIMIT, EUPSTREAM
   */
  async matrix(found: FoundPackage, selector: string): Promise<Matrix> {
    const version = await this.#ports.reader.archived(found, selector);
    return { package: found.name, version: version.version, prompts: await this.#rows(found, version) };
  }

  /** What is known of one prompt and the model that it is asked for; `untested` for what is not there. */
  async promptStatus({
    package: name,
    version: selector,
    prompt,
    model,
  }: {
    readonly package: string;
    readonly version: string;
    readonly prompt: string;
    readonly model: string;
  }): Promise<CompatibilityStatus> {
    const found = await this.#ports.reader.find(name, REGISTRY_READER);
    const { prompts } = await this.matrix(found, selector);
    const row = prompts.find(one => one.prompt === prompt);
    return row ? statusOf(row, model) : 'untested';
  }

  async #rows(found: FoundPackage, version: PackageVersion): Promise<readonly MatrixRow[]> {
    const { compatibility, surveys: read, now } = this.#ports;
    const { models: map } = version.manifest;
    const surveys = await read.of(found.name, version);
    const digests = surveys.flatMap(({ digest, variants }) => [
      ...(digest === undefined ? [] : [digest]),
      ...variants.map(variant => variant.digest),
    ]);
    const evidence = await compatibility.evidence(found.package.id, digests);
    return matrixOf({ surveys, map, exact: exactModels(map), evidence, now: now() });
  }

  /**
   * Has the tests of a version run.
   * @param asked undefined for the models of its map that the registry asks
   * @param prompts undefined for all that have tests
   * @returns the run, or the one that does the same already
   * @throws PrompdError ENOTEST, ENOPROVIDER, ENOMODEL, ENOVERSION; EUSAGE for one run too many
   */
  async start(
    actor: Actor,
    found: FoundPackage,
    {
      selector,
      models: asked,
      prompts,
    }: {
      selector: string;
      models: readonly ModelName[] | undefined;
      prompts?: readonly string[] | undefined;
    },
  ): Promise<CompatibilityRun> {
    const { compatibility, reader, wake } = this.#ports;
    const version = await reader.archived(found, selector);
    const { tests = [] } = version.manifest;
    if (tests.length === 0) {
      const title = `${found.name}@${version.version}`;
      throw new PrompdError('ENOTEST', `${title} has no tests.`, { facts: { package: title } });
    }
    const untested = prompts?.find(id => !tests.some(({ prompt }) => prompt === id));
    if (untested !== undefined) {
      const title = `${found.name}@${version.version}`;
      throw new PrompdError('ENOTEST', `${title} has no tests of "${untested}".`, {
        facts: { package: title, prompt: untested },
      });
    }
    const run = await compatibility.addRun(
      {
        id: makeRunId(),
        packageId: found.package.id,
        packageName: found.name,
        versionId: version.id,
        version: version.version,
        models: this.#allowed(version, asked),
        prompts: prompts ? [...new Set(prompts)].sort() : null,
      },
      this.#stamp(actor),
      MAX_RUNS,
    );
    if (!run) {
      throw new PrompdError('EUSAGE', `${userOf(actor)} has ${MAX_RUNS} runs waiting or running already.`, {
        facts: { limit: MAX_RUNS },
        hint: 'Wait for them, or cancel one.',
      });
    }
    wake();
    return run;
  }

  #allowed({ manifest }: PackageVersion, asked: readonly ModelName[] | undefined): readonly ModelName[] {
    const { providers } = this.#ports.runner;
    const isAllowed = ({ provider, model }: ModelName) =>
      providers.some(({ name, models }) => name === provider && (models?.includes(model) ?? true));
    const known = providers.map(({ name }) => name);
    if (providers.length === 0) {
      throw new PrompdError('ENOPROVIDER', 'This registry asks no models.', {
        facts: { known },
        hint: 'Run "prompd test --publish", or ask whoever runs the registry.',
      });
    }
    const wanted = asked ?? exactModels(manifest.models).filter(isAllowed);
    for (const one of wanted) {
      if (isAllowed(one)) continue;
      const { provider, model } = one;
      throw new PrompdError('ENOMODEL', `This registry does not ask "${model}" of "${provider}".`, {
        facts: { provider, model, known },
        hint: 'Whoever runs the registry says which models it asks.',
      });
    }
    const unique = new Map(
      wanted.map(({ provider, model }) => [`${provider} ${model}`, { provider, model }]),
    );
    if (unique.size > 0) return [...unique.values()];
    throw new PrompdError('ENOMODEL', 'The registry asks none of the models that the package names.', {
      facts: { known },
      hint: 'Name models that it asks.',
    });
  }

  /**
   * Keeps what a user's own run found, as that user's word.
   * @throws RequestError EBADREQUEST for a report that is not about exactly this version; PrompdError ENOVERSION
   */
  async report(
    actor: Actor,
    found: FoundPackage,
    { version: exact, models }: { version: string; models: readonly ModelReport[] },
  ): Promise<ReportReceipt> {
    const { compatibility, reader, surveys: read, runner } = this.#ports;
    const stamp = this.#stamp(actor);
    const version = await reader.archived(found, exact);
    const surveys = await read.of(found.name, version);
    const all = models.flatMap(model => checkedEvidence(model, version.manifest, surveys));
    if (all.length === 0) throw new RequestError('EBADREQUEST', 'The report is about no prompt.');
    const testedAt = stamp.now;
    const recorded: Evidence[] = [];
    const untested: { prompt: string; model: string; reason: string }[] = [];
    for (const { verdict, score, reason, tests, ...known } of all) {
      if (verdict === 'untested' || score === null) {
        untested.push({ prompt: known.prompt, model: known.model, reason: reason ?? '' });
        continue;
      }
      recorded.push({
        ...known,
        status: verdict,
        score,
        tests: evidenceTests(tests),
        source: 'reported',
        testedBy: userOf(actor),
        run: null,
        version: version.version,
        testedAt,
        expiresAt: new Date(testedAt.getTime() + runner.evidenceTime),
      });
    }
    if (recorded.length > 0) {
      const target = {
        packageId: found.package.id,
        packageName: found.name,
        versionId: version.id,
        version: version.version,
      };
      await compatibility.addEvidence(target, recorded, stamp);
    }
    return { recorded, untested };
  }

  /** The runs of a version, newest first. @throws PrompdError ENOVERSION */
  async runs(found: FoundPackage, selector: string, limit: number): Promise<readonly CompatibilityRun[]> {
    const { compatibility, reader } = this.#ports;
    const version = await reader.archived(found, selector);
    return compatibility.runs(version.id, limit);
  }

  /** @throws PrompdError ENOTFOUND for one that there is not, or of a package that the actor may not see */
  async run(actor: Actor, id: string): Promise<CompatibilityRun> {
    const run = await this.#ports.compatibility.run(id);
    if (!run) throw runNotFound(id);
    await this.#authorize(actor, 'package.read', run);
    return run;
  }

  /**
   * Stops a run, or keeps it from starting.
   * @throws PrompdError ENOTFOUND, EFORBIDDEN; RequestError ECONFLICT for one that is over
   */
  async cancel(actor: Actor, id: string): Promise<CompatibilityRun> {
    const { compatibility, wake } = this.#ports;
    const run = await this.run(actor, id);
    await this.#authorize(actor, 'package.test', run);
    const isCancelled = await compatibility.cancel(id, this.#stamp(actor));
    const now = await this.run(actor, id);
    if (!isCancelled && isOver(now) && now.state !== 'cancelled') throw runIsOver(id, now.state);
    wake();
    return now;
  }

  #stamp(actor: Actor): Stamp {
    return stampOf(actor, this.#ports.now());
  }

  async #authorize(
    actor: Actor,
    action: 'package.read' | 'package.test',
    { id, package: name }: CompatibilityRun,
  ): Promise<void> {
    const { reader, authorize } = this.#ports;
    const found = await reader.find(name, actor).catch((error: unknown) => {
      throw error instanceof PrompdError && error.code === 'ENOTFOUND' ? runNotFound(id) : error;
    });
    try {
      authorize(actor, action, found);
    } catch (error) {
      throw error instanceof PrompdError && error.code === 'ENOTFOUND' ? runNotFound(id) : error;
    }
  }
}
