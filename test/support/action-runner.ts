import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { type CliResult, finished } from './cli.js';
import { type Teardown, tempDir } from './temp.js';

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

const step = z
  .strictObject({
    id: z.string().optional(),
    name: z.string().optional(),
    if: z.string().optional(),
    uses: z.string().optional(),
    with: z.record(z.string(), z.union([z.string(), z.boolean()]).transform(String)).optional(),
    run: z.string().optional(),
    shell: z.enum(['bash', 'pwsh', 'python', 'sh', 'cmd', 'powershell']).optional(),
    env: z.record(z.string(), z.string()).default({}),
    'working-directory': z.string().optional(),
    'continue-on-error': z.boolean().optional(),
  })
  .refine(({ uses, run, shell }) => (uses === undefined) !== (run === undefined) && !run === !shell, {
    message: 'a step uses an action, or runs a script in a shell that it names',
  });

/**
 * What the metadata of a composite action may be.
 * @see https://docs.github.com/actions/reference/workflows-and-actions/metadata-syntax
 */
const actionSchema = z.strictObject({
  name: z.string().min(1),
  author: z.string().optional(),
  description: z.string().min(1).max(125),
  branding: z
    .strictObject({
      icon: z.string(),
      color: z.enum(['white', 'black', 'yellow', 'blue', 'green', 'orange', 'red', 'purple', 'gray-dark']),
    })
    .optional(),
  inputs: z.record(
    z.string().regex(/^[a-z_][\w-]*$/i),
    z.strictObject({
      description: z.string().min(1),
      required: z.boolean().default(false),
      default: z.string().optional(),
      deprecationMessage: z.string().optional(),
    }),
  ),
  outputs: z.record(
    z.string().regex(/^[a-z_][\w-]*$/i),
    z.strictObject({ description: z.string().min(1), value: z.string() }),
  ),
  runs: z.strictObject({ using: z.literal('composite'), steps: z.array(step) }),
});

export const action = actionSchema.parse(parse(readFileSync(path.join(ROOT, 'action.yml'), 'utf8')));

/** What a run of the action left behind. */
export interface ActionRun {
  readonly code: number | null;
  readonly outputs: Readonly<Record<string, string>>;
  /** What its steps said, the first to the last that ran. */
  readonly log: string;
  /** Folders that it put on the PATH of later steps. */
  readonly paths: readonly string[];
}

export interface ActionOptions {
  readonly inputs: Readonly<Record<string, string>>;
  /** Where the checkout is. */
  readonly workspace: string;
  /** What the job has besides what every runner sets. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the action is; this checkout, built, by default. */
  readonly from?: string;
}

/**
 * Runs the steps of the action one after the other, as a runner does: each script in a file of its own, by the bash and
 * the flags that GitHub documents, with the environment of a runner. Actions that it uses are passed over.
 */
export async function runAction(t: Teardown, options: ActionOptions): Promise<ActionRun> {
  const { workspace, from = ROOT } = options;
  const temp = tempDir(t);
  const inputs: Record<string, string> = {};
  for (const [name, { default: value = '' }] of Object.entries(action.inputs)) inputs[name] = value;
  const known: Record<string, Record<string, string>> = { inputs: { ...inputs, ...options.inputs } };
  const files = Object.fromEntries(
    ['GITHUB_OUTPUT', 'GITHUB_PATH', 'GITHUB_ENV', 'GITHUB_STEP_SUMMARY'].map(name => [
      name,
      path.join(temp, name),
    ]),
  );
  const runnerTemp = path.join(temp, 'with space');
  mkdirSync(runnerTemp);
  let log = '';
  let code: number | null = 0;
  for (const [at, { id = '', run, env }] of action.runs.steps.entries()) {
    if (run === undefined) continue;
    for (const file of Object.values(files)) writeFileSync(file, '', { flag: 'a' });
    writeFileSync(files['GITHUB_OUTPUT'] ?? '', '');
    const script = path.join(temp, `step-${at}.sh`);
    writeFileSync(script, run);
    const result = await bash(script, {
      cwd: workspace,
      env: {
        PATH: [path.dirname(process.execPath), process.env['PATH']].join(path.delimiter),
        HOME: path.join(temp, 'home'),
        CI: 'true',
        GITHUB_ACTIONS: 'true',
        GITHUB_ACTION_PATH: from,
        GITHUB_WORKSPACE: workspace,
        RUNNER_TEMP: runnerTemp,
        ...files,
        ...options.env,
        ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, evaluate(value, known)])),
      },
    });
    known[`steps.${id}.outputs`] = outputsOf(readFileSync(files['GITHUB_OUTPUT'] ?? '', 'utf8'));
    log += result.stdout + result.stderr;
    code = result.code;
    if (code !== 0) break;
  }
  return {
    code,
    log,
    outputs: Object.fromEntries(
      Object.entries(action.outputs).map(([name, { value }]) => [name, evaluate(value, known)]),
    ),
    paths: readFileSync(files['GITHUB_PATH'] ?? '', 'utf8')
      .trim()
      .split('\n'),
  };
}

/** Names in `${{ }}` of a text, as `inputs.tag` or `steps.run.outputs.status`. */
export function expressionsOf(text: string): string[] {
  return [...text.matchAll(/\$\{\{ *(.*?) *\}\}/g)].map(([, name = '']) => name);
}

function evaluate(text: string, known: Record<string, Record<string, string>>): string {
  return text.replace(
    /\$\{\{ *(.*?)\.([\w-]+) *\}\}/g,
    (_, of: string, name: string) => known[of]?.[name] ?? '',
  );
}

/** @see https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands#multiline-strings */
function outputsOf(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const lines = text.split('\n');
  for (let line = lines.shift(); line; line = lines.shift()) {
    const [, name, end] = /^([\w-]+)<<(.+)$/.exec(line) ?? [];
    if (name === undefined || end === undefined) throw new Error(`A runner refuses the output ${line}`);
    outputs[name] = lines.splice(0, lines.indexOf(end)).join('\n');
    lines.shift();
  }
  return outputs;
}

function bash(
  script: string,
  { cwd, env }: { cwd: string; env: Record<string, string> },
): Promise<CliResult> {
  return finished(
    spawn('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', script], {
      cwd,
      env,
      stdio: ['pipe', 'pipe', 'pipe'],
    }),
  );
}
