import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'ava';
import pLimit from 'p-limit';
import { literalTemplate } from '#prompd/prompt/index.js';
import { runCli } from '../support/cli.js';
import { startTestRegistry } from '../support/registry.js';
import { tempDir } from '../support/temp.js';

const COUNT = 225;

/** The Markdown files of the folder that PROMPD_CORPUS names, or as many made-up texts. */
function texts(): Map<string, string> {
  const folder = process.env['PROMPD_CORPUS'];
  if (folder && existsSync(folder)) {
    const files = readdirSync(folder).filter(file => file.endsWith('.md'));
    return new Map(files.map(file => [idOf(file), readFileSync(path.join(folder, file), 'utf8')]));
  }
  const made = (at: number) =>
    `# IDENTITY\n\nYou are reviewer number ${at}. Use {braces} and {{ "templates" }} as they are.\n\n# STEPS\n\n- Read.\n`;
  return new Map(Array.from({ length: COUNT }, (_, at) => [`text-${at}`, made(at)]));
}

function idOf(file: string): string {
  return path
    .basename(file, '.md')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-');
}

test('hundreds of loose prompt texts are published one by one and installed in one run, each as it was written', async t => {
  const registry = await startTestRegistry(t);
  const loose = tempDir(t);
  const project = path.join(tempDir(t), 'project');
  mkdirSync(project);
  const env = {
    PROMPD_HOME: path.join(tempDir(t), 'home'),
    PROMPD_REGISTRY: registry.url,
    PROMPD_TOKEN: registry.adminToken,
  };
  const originals = texts();
  for (const [id, text] of originals) {
    writeFileSync(path.join(loose, `${id}.md`), literalTemplate(text));
    const front = { name: id, description: `The text ${id}`, version: '1.0.0', system: `./${id}.md` };
    writeFileSync(
      path.join(loose, `${id}.prompd`),
      `---\n${JSON.stringify(front)}\n---\n\n# User\n\nGo on.\n`,
    );
  }

  const limit = pLimit(3);
  const published = await Promise.all(
    [...originals.keys()].map(id =>
      limit(() => runCli(['publish', `${id}.prompd`, '--scope', '@corpus', '--json'], { cwd: loose, env })),
    ),
  );
  t.deepEqual(
    published.filter(({ code }) => code !== 0).map(({ stdout, stderr }) => stdout + stderr),
    [],
  );

  const dependencies = Object.fromEntries([...originals.keys()].map(id => [`@corpus/${id}`, '^1.0.0']));
  writeFileSync(path.join(project, 'prompd.json'), JSON.stringify({ dependencies }));
  const started = Date.now();
  const installed = await runCli(['install', '--json'], { cwd: project, env });
  t.is(installed.code, 0, installed.stdout + installed.stderr);
  t.log(`${originals.size} packages installed in ${Date.now() - started} ms`);

  const sample = [...originals].filter((_, at) => at % 20 === 0);
  for (const [id, text] of sample) {
    const rendered = await runCli(['render', `@corpus/${id}`, '--json'], { cwd: project, env });
    t.is(rendered.code, 0, rendered.stdout + rendered.stderr);
    const { messages } = rendered.json<{ messages: { role: string; content: string }[] }>();
    t.is(messages[0]?.content.trim(), text.replace(/\r\n/g, '\n').trim(), id);
  }
});
