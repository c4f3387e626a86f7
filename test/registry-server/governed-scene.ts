import type { FeatBlock } from '#prompd/feat/index.js';
import type { PackedPackage } from '#prompd/tarball/pack-tree.js';
import * as answers from '#server/routes/answers.js';
import * as shapes from '#server/routes/approval-answers.js';
import { kycFeat, rated } from '../feat/blocks.js';
import {
  archiveBody,
  jsonBody,
  packTest,
  type TestManifest,
  type TestRegistry,
} from '../support/registry.js';

/** Who is what in the projects of these tests; `eve` is in none. */
const PEOPLE = {
  amy: [{ role: 'admin' }],
  ann: [{ role: 'editor' }],
  both: [{ role: 'editor' }, { role: 'approver', functions: ['business', 'risk', 'validator'] }],
  bob: [{ role: 'approver', functions: ['business'] }],
  rita: [{ role: 'approver', functions: ['risk'] }],
  val: [{ role: 'approver', functions: ['validator'] }],
  dan: [{ role: 'viewer' }],
} as const;

export type Person = keyof typeof PEOPLE | 'eve' | 'admin' | 'nobody';

/** A block of tier 1, for which one approval is enough and no evidence is asked. */
export const SMALL: FeatBlock = rated(['low', 'low', 'low']);

/** Blocks that have everything, reviewed in time by the clock of the machine. */
export function completeFeat(tier: 2 | 3, days = 60): FeatBlock {
  const reviewBy = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const levels = { level: 'high', rationale: 'For the test.' } as const;
  return kycFeat({ reviewBy, ...(tier === 3 && { impact: levels, complexity: levels, reliance: levels }) });
}

export interface Scene {
  readonly registry: TestRegistry;
  ask(who: Person, method: string, path: string, body?: object): Promise<Response>;
  /** The code and status of an error. */
  codeOf(answer: Promise<Response>): Promise<string>;
  /** Gives everybody a token. */
  people(): Promise<void>;
  /** Makes a project of the scope, with everybody in their role. */
  project(scope: string): Promise<void>;
  publish(who: Person, manifest: TestManifest, query?: string): Promise<Response>;
  /** Publishes into a project, and gives back the request. */
  pend(who: Person, name: string, version: string, feat?: FeatBlock): Promise<Approval>;
  /** Approves what is asked for. */
  approve(who: Person, request: Approval, more?: object): Promise<Response>;
  decide(who: Person, request: Approval, more: object): Promise<Response>;
  request(who: Person, id: string): Promise<Approval>;
  /** A version that was approved and published. */
  approved(name: string, version: string): Promise<void>;
  pack(name: string, version: string, feat?: FeatBlock): Promise<PackedPackage>;
  /** The versions that are published, or the status of what is said instead. */
  versionsOf(name: string): Promise<string[] | number>;
}

export type Approval = ReturnType<typeof shapes.approval.parse>;

/** What these tests do at a registry, by the names of people. Begins with {@link Scene.people}. */
export function governedScene(registry: TestRegistry): Scene {
  const tokens = new Map<Person, string | null>([['nobody', null]]);
  const ask: Scene['ask'] = (who, method, path, body) => {
    const token = tokens.get(who);
    return registry.request(path, {
      ...(body ? jsonBody(method, body) : { method }),
      ...(token === undefined ? {} : { token }),
    });
  };
  const decide: Scene['decide'] = (who, { id, digest }, more) =>
    ask(who, 'POST', `/approvals/${id}/decisions`, { digest, ...more });
  const scene: Scene = {
    registry,
    ask,
    decide,
    async codeOf(answer) {
      const { code, status } = answers.problem.parse(await (await answer).json());
      return `${code} ${status}`;
    },
    async people() {
      for (const who of [...Object.keys(PEOPLE), 'eve'] as Person[])
        tokens.set(who, await registry.tokenOf(who, 'publish'));
    },
    async project(scope) {
      await expectStatus(ask('amy', 'POST', '/projects', { project: scope }), 201);
      for (const [user, grants] of Object.entries(PEOPLE)) {
        for (const grant of grants)
          await expectStatus(ask('amy', 'POST', `/projects/${scope}/grants`, { user, ...grant }), 201);
      }
    },
    async publish(who, manifest, query = '') {
      const { bytes } = await packTest(manifest, { 'README.md': `# ${manifest.name} ${manifest.version}\n` });
      const token = tokens.get(who);
      return registry.request(`/packages${query}`, {
        ...archiveBody(bytes),
        ...(token === undefined ? {} : { token }),
      });
    },
    async pend(who, name, version, feat = SMALL) {
      const answer = await expectStatus(scene.publish(who, { name, version, feat }), 202);
      const { status, approval } = answers.receipt.parse(await answer.json());
      if (status !== 'pending' || !approval) throw new Error(`not pending: ${status}`);
      return approval;
    },
    approve: (who, request, more = {}) => decide(who, request, { decision: 'approve', ...more }),
    async request(who, id) {
      return shapes.approval.parse(await (await ask(who, 'GET', `/approvals/${id}`)).json());
    },
    async approved(name, version) {
      await expectStatus(scene.approve('bob', await scene.pend('ann', name, version)), 201);
    },
    pack: (name, version, feat = SMALL) =>
      packTest({ name, version, feat }, { 'README.md': `# ${name} ${version}\n` }),
    async versionsOf(name) {
      const answer = await registry.request(`/packages/${encodeURIComponent(name)}`);
      return answer.ok ? Object.keys(answers.packument.parse(await answer.json()).versions) : answer.status;
    },
  };
  return scene;
}

/** @throws what came instead */
export async function expectStatus(answer: Promise<Response>, status: number): Promise<Response> {
  const got = await answer;
  if (got.status !== status) throw new Error(`${got.url}: ${got.status} ${await got.text()}`);
  return got;
}
