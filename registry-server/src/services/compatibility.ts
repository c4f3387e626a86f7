import { type Clock, type CompatibilityStatus, PrompdError, parseIntegrity } from 'prompd/core';
import type { ModelReport } from 'prompd/models';
import { exactModels } from 'prompd/prompt';
import type { ModelName } from 'prompd/testing';
import { type Actor, userOf } from '../domain/actor.js';
import { type Authorize, REGISTRY } from '../domain/authorize.js';
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
  type TestedVersion,
} from '../domain/compatibility.js';
import { evidenceTests } from '../domain/evidence-tests.js';
import { RequestError } from '../domain/problem-document.js';
import { checkedEvidence } from '../domain/reported-tests.js';
import { type Stamp, stampOf } from '../domain/stamp.js';
import type { CompatibilityRepository } from '../ports/compatibility-repository.js';
import type { SuiteRunner } from '../ports/suite-runner.js';
import { MAX_RUNS } from '../settings.js';
import type { ApprovalService } from './approvals.js';
import type { FoundPackage, PackageReader } from './package-reader.js';
import { type PromptSurveys, REGISTRY_READER } from './prompt-surveys.js';

export interface CompatibilityPorts {
  readonly compatibility: CompatibilityRepository;
  readonly reader: PackageReader;
  readonly approvals: Pick<ApprovalService, 'reviewable' | 'list'>;
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

/** What of a version is tested. */
export interface RunChoice {
  /** Undefined for the models of its map that the registry asks. */
  readonly models: readonly ModelName[] | undefined;
  /** Undefined for all that have tests. */
  readonly prompts?: readonly string[] | undefined;
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
   * The version that a selector stands for.
   * @param selector an exact version or a dist-tag
   * @throws PrompdError ENOVERSION; RequestError EUPSTREAM
   */
  async published(found: FoundPackage, selector: string): Promise<TestedVersion> {
    const { id, version, manifest, integrity } = await this.#ports.reader.archived(found, selector);
    return { packageId: found.package.id, name: found.name, id, version, manifest, integrity };
  }

  /**
   * The version that a request for approval is about, for its reviewers and authors.
   * @throws PrompdError ENOTFOUND; ENOVERSION where it was unpublished
   */
  async requested(actor: Actor, id: string): Promise<TestedVersion & { readonly isOpen: boolean }> {
    const { request, packageId, versionId, manifest } = await this.#ports.approvals.reviewable(actor, id);
    const { name, version, integrity, state } = request;
    const isOpen = state === 'pending';
    return {
      packageId,
      name,
      id: versionId,
      version,
      manifest,
      integrity: parseIntegrity(integrity),
      isOpen,
    };
  }

  /** The matrix of a version. @throws RequestError ECHECKLIMIT, EUPSTREAM */
  async matrix(version: TestedVersion): Promise<Matrix> {
    return { package: version.name, version: version.version, prompts: await this.#rows(version) };
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
    const { prompts } = await this.matrix(await this.published(found, selector));
    const row = prompts.find(one => one.prompt === prompt);
    return row ? statusOf(row, model) : 'untested';
  }

  async #rows(version: TestedVersion): Promise<readonly MatrixRow[]> {
    const { compatibility, surveys: read, now } = this.#ports;
    const { models: map } = version.manifest;
    const surveys = await read.of(version.name, version);
    const digests = surveys.flatMap(({ digest, variants }) => [
      ...(digest === undefined ? [] : [digest]),
      ...variants.map(variant => variant.digest),
    ]);
    const evidence = await compatibility.evidence(version, digests);
    return matrixOf({ surveys, map, exact: exactModels(map), evidence, now: now() });
  }

  /**
   * Has the tests of a version run.
   * @returns the run, or the one that does the same already
   * @throws PrompdError ENOTEST, ENOPROVIDER, ENOMODEL, ENOVERSION; EUSAGE for one run too many
   */
  async start(
    actor: Actor,
    version: TestedVersion,
    { models: asked, prompts }: RunChoice,
  ): Promise<CompatibilityRun> {
    const { compatibility, wake } = this.#ports;
    const { tests = [] } = version.manifest;
    const title = `${version.name}@${version.version}`;
    if (tests.length === 0) {
      throw new PrompdError('ENOTEST', `${title} has no tests.`, { facts: { package: title } });
    }
    const untested = prompts?.find(id => !tests.some(({ prompt }) => prompt === id));
    if (untested !== undefined) {
      throw new PrompdError('ENOTEST', `${title} has no tests of "${untested}".`, {
        facts: { package: title, prompt: untested },
      });
    }
    const run = await compatibility.addRun(
      {
        id: makeRunId(),
        packageId: version.packageId,
        packageName: version.name,
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

  /**
   * Has the tests of a version run before it is approved, so that its reviewers know what they approve.
   * @throws PrompdError ENOTFOUND; EAPPROVAL for a request that is closed; and as {@link start}
   */
  async startRequested(actor: Actor, id: string, choice: RunChoice): Promise<CompatibilityRun> {
    return this.start(actor, await this.#open(actor, id), choice);
  }

  /** As {@link report}, before a version is approved. @throws PrompdError ENOTFOUND, EAPPROVAL */
  async reportRequested(actor: Actor, id: string, models: readonly ModelReport[]): Promise<ReportReceipt> {
    return this.report(actor, await this.#open(actor, id), models);
  }

  async #open(actor: Actor, id: string): Promise<TestedVersion> {
    const { isOpen, ...version } = await this.requested(actor, id);
    if (isOpen) return version;
    throw new PrompdError('EAPPROVAL', `Nothing is decided in the request ${id} any more.`, {
      facts: { id },
      hint: `Name the version instead: ${version.name}@${version.version}.`,
    });
  }

  #allowed({ manifest }: TestedVersion, asked: readonly ModelName[] | undefined): readonly ModelName[] {
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
  async report(actor: Actor, version: TestedVersion, models: readonly ModelReport[]): Promise<ReportReceipt> {
    const { compatibility, surveys: read, runner } = this.#ports;
    const stamp = this.#stamp(actor);
    const surveys = await read.of(version.name, version);
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
        packageId: version.packageId,
        packageName: version.name,
        versionId: version.id,
        version: version.version,
      };
      await compatibility.addEvidence(target, recorded, stamp);
    }
    return { recorded, untested };
  }

  /** The runs of a version, newest first. */
  runs({ id }: TestedVersion, limit: number): Promise<readonly CompatibilityRun[]> {
    return this.#ports.compatibility.runs(id, limit);
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
    { id, package: name, version, isPublished }: CompatibilityRun,
  ): Promise<void> {
    const { reader, approvals, authorize } = this.#ports;
    if (!isPublished) {
      const [request] = await approvals.list(actor, { package: name, version, limit: 1, offset: 0 });
      if (!request) throw runNotFound(id);
      authorize(actor, action === 'package.read' ? 'approval.read' : 'approval.decide', REGISTRY);
      return;
    }
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
