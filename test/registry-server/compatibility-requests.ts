import { z } from 'zod';
import { jsonBody, type TestRegistry } from '../support/registry.js';
import { SUITE_FILES, suiteManifest } from '../support/suite-package.js';
import { matrixSchema, runSchema } from './compatibility-answers.js';

type Run = z.infer<typeof runSchema>;
type Matrix = z.infer<typeof matrixSchema>['prompts'];

/** What tests ask a registry about how packages do with models. */
export interface Compatibility {
  /** Publishes the package of `support/suite-package.ts` under a name. */
  publishSuite(name: string, more?: Record<string, unknown>, files?: Record<string, string>): Promise<void>;
  matrix(name: string, version?: string, query?: string): Promise<Matrix>;
  /** Prompt, model and status, a line each. */
  statuses(name: string, version?: string): Promise<string[]>;
  startRun(name: string, body?: object): Promise<Run>;
  getRun(id: string): Promise<Run>;
  /** The run as soon as nothing more comes of it. @throws when that takes longer than half a minute */
  over(id: string): Promise<Run>;
}

export function compatibilityOf(registry: TestRegistry): Compatibility {
  const matrix = async (name: string, version = '1.0.0', query = '') => {
    const answer = await registry.request(`/packages/${name}/${version}/compatibility${query}`);
    if (answer.status !== 200) throw new Error(await answer.text());
    return matrixSchema.parse(await answer.json()).prompts;
  };
  const getRun = async (id: string) =>
    runSchema.parse(await (await registry.request(`/compatibility-runs/${id}`)).json());
  return {
    async publishSuite(name, more = {}, files = {}) {
      await registry.publish(suiteManifest({ name, ...more }), { ...SUITE_FILES, ...files });
    },
    matrix,
    async statuses(name, version) {
      const rows = await matrix(name, version);
      return rows.flatMap(({ prompt, models }) =>
        models.map(({ provider, model, status }) => `${prompt} ${provider} ${model} ${status}`),
      );
    },
    async startRun(name, body = {}) {
      const path = `/packages/${name}/1.0.0/compatibility-runs`;
      const answer = await registry.request(path, jsonBody('POST', body));
      if (answer.status !== 202) throw new Error(await answer.text());
      return runSchema.parse(await answer.json());
    },
    getRun,
    async over(id) {
      for (const end = Date.now() + 30_000; Date.now() < end; ) {
        const run = await getRun(id);
        if (['done', 'failed', 'cancelled'].includes(run.state)) return run;
        await pause();
      }
      throw new Error(`the run ${id} did not end: ${JSON.stringify(await getRun(id))}`);
    },
  };
}

export async function codeOf(answer: Response): Promise<string> {
  return z.object({ code: z.string() }).parse(await answer.json()).code;
}

export function pause(milliseconds = 30): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds));
}
