import { PrompdError } from '../core/errors.js';
import { formatJson } from '../core/json.js';
import type { TestReport } from '../models/index.js';
import { testAndReport, testExitCode, testPackage } from '../ops/models/test-package.js';
import { checkOutput, writeOutput } from '../ops/models/write-output.js';
import { styleFor } from '../output/style.js';
import { reportedText, testText } from '../output/test.js';
import { defineCommand } from './command.js';
import { numberFlag } from './number-flag.js';

const FORMATS = ['table', 'json', 'junit'] as const;
type Format = (typeof FORMATS)[number];

export default defineCommand({
  options: yargs =>
    yargs
      .positional('target', {
        type: 'string',
        describe: 'A folder with prompd.json, or an installed package; by default where you are',
      })
      .option('provider', {
        type: 'string',
        requiresArg: true,
        describe: 'Test with this provider only, also when the package does not name it',
      })
      .option('model', { type: 'string', requiresArg: true, describe: 'Test with this model only' })
      .option('judge-provider', { type: 'string', requiresArg: true, describe: 'Who judges' })
      .option('judge-model', { type: 'string', requiresArg: true, describe: 'Which model judges' })
      .option('grep', {
        type: 'string',
        requiresArg: true,
        describe: 'Run only tests with this text in their name',
      })
      .option('runs', { type: 'string', requiresArg: true, describe: 'Run each test so often' })
      .option('concurrency', {
        type: 'string',
        requiresArg: true,
        default: '4',
        describe: 'Requests under way at once',
      })
      .option('timeout', {
        type: 'string',
        requiresArg: true,
        default: '120',
        describe: 'Longest silence of a model, in seconds',
      })
      .option('format', { choices: FORMATS, default: FORMATS[0], describe: 'How to print the report' })
      .option('publish', {
        type: 'boolean',
        default: false,
        describe: 'Report the result to the registry that has the package, in your name',
      })
      .option('request', {
        type: 'string',
        requiresArg: true,
        describe: 'With --publish: the request for approval of the version, where it waits for that',
      })
      .option('output', {
        alias: 'o',
        type: 'string',
        requiresArg: true,
        describe: 'Write the report to this file, and a table to stdout',
      }),
  async run(args, context) {
    const { target, provider, model, grep, format, output } = args;
    const seconds = numberFlag('--timeout', args.timeout, { min: 0.1, max: 86_400 });
    if (output !== undefined) await checkOutput(context, output);
    if (args.publish && (grep !== undefined || args.runs !== undefined)) {
      throw new PrompdError('EUSAGE', 'What is reported is the whole suite, as the package has it.', {
        hint: 'Leave out "--grep" and "--runs", or "--publish".',
      });
    }
    if (args.request !== undefined && !args.publish) {
      throw new PrompdError('EUSAGE', '"--request" says which version is reported about.', {
        hint: 'Add "--publish", or leave out "--request".',
      });
    }
    const options = {
      target,
      request: args.request,
      provider,
      model,
      grep,
      judgeProvider: args['judge-provider'],
      judgeModel: args['judge-model'],
      runs: numberFlag('--runs', args.runs, { min: 1, max: 50, whole: true }),
      concurrency: numberFlag('--concurrency', args.concurrency, { min: 1, max: 64, whole: true }),
      timeoutMs: seconds === undefined ? undefined : seconds * 1000,
    };
    const { report, send } = args.publish
      ? await testAndReport(context, options)
      : { report: await testPackage(context, options), send: undefined };
    const formatted = await formatReport(report, format);
    if (output !== undefined) await writeOutput(context, output, `${formatted.trimEnd()}\n`);
    const receipt = await send?.();
    const printed = output === undefined && format !== 'table' ? formatted : undefined;
    const told = receipt && reportedText(receipt, styleFor(false));
    if (told !== undefined && printed !== undefined) context.progress.info(told);
    return {
      value: receipt === undefined ? report : { ...report, published: receipt },
      text: style => printed ?? [testText(report, style), ...(told === undefined ? [] : [told])].join('\n\n'),
      exitCode: testExitCode(report),
    };
  },
});

async function formatReport(report: TestReport, format: Format): Promise<string> {
  if (format === 'json') return formatJson(report);
  if (format === 'table') return testText(report, styleFor(false));
  const { junitXml } = await import('../output/junit.js');
  return junitXml(report);
}
