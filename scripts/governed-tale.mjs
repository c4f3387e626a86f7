// The tale of a governed prompt, told to a registry that runs somewhere: written as a draft, approved by two people who did
// not write it, promoted, delivered, replaced, rolled back, revoked; and at the end the audit proves it without the registry.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { createPromptClient } from 'prompd/client';

const bin = fileURLToPath(new URL('../bin/prompd.js', import.meta.url));
const example = new URL('../fixtures/packages/@bank/kyc-summary/1.1.0/prompd.json', import.meta.url);
const SCOPE = '@story';
const PROJECT = '/projects/story';
const [OWNER, AUTHOR, BUSINESS, RISK, APPLICATION] = [
  'story-owner',
  'story-author',
  'story-business',
  'story-risk',
  'story-application',
];
const ROLES = [
  // May approve what others write, and is refused for what is their own.
  [AUTHOR, '--role', 'editor', '--role', 'approver', '--function', 'business'],
  [BUSINESS, '--role', 'approver', '--function', 'business'],
  [RISK, '--role', 'approver', '--function', 'risk'],
  [APPLICATION, '--role', 'viewer'],
];
/** How long a replica may take to hear of a change, in milliseconds. */
const HEARD = 10_000;

/**
 * Tells it. Every step is the real command, or the request that an application sends.
 * @param registries addresses of the replicas of one registry, at least one
 * @param token of an admin of the registry
 * @param place an empty folder
 * @param step is given each step's title and work, and runs it
 * @param show is given each command or request, and what came of it
 * @throws Error when a step does not go as it must
 */
export async function tellGovernedTale({ registries, token, place, step, show = () => {} }) {
  const tale = new Tale({ registries, token, place, show });
  const name = `${SCOPE}/kyc-${Date.now().toString(36)}`;
  try {
    await step('people get tokens and roles', () => tale.gather());
    await step('a prompt is written as a draft, and edited', () => tale.write(name));
    await step('who saw an older draft overwrites nothing', () => tale.overtaken(name));
    await step('the draft becomes a version that waits for approval', () => tale.commit(name));
    await step('the author cannot approve, whichever token', () => tale.approveAsAuthor(name));
    await step('what is not approved is delivered to nobody', () => tale.delivers(name, 404));
    await step('business and risk approve', () => tale.approve(name, '1.0.0'));
    await step('it is promoted, and delivered by every replica', async () => {
      await tale.prompd(BUSINESS, 'promote', `${name}@1.0.0`, '--tag', 'production');
      await tale.delivers(name, '1.0.0');
    });
    await step('a second version is published, approved and promoted', async () => {
      await tale.publish(name, '1.1.0');
      await tale.approve(name, '1.1.0');
      await tale.prompd(BUSINESS, 'promote', `${name}@1.1.0`, '--tag', 'production');
      await tale.delivers(name, '1.1.0');
    });
    await step('one step takes the channel back', async () => {
      await tale.prompd(RISK, 'rollback', name, '--tag', 'production', '--reason', 'answers are too long');
      await tale.delivers(name, '1.0.0');
    });
    await step('the second version is revoked, and refused by every replica', async () => {
      await tale.prompd(RISK, 'revoke', `${name}@1.1.0`, '--reason', 'it names a colleague');
      await tale.refuses(name, '1.1.0');
      await tale.delivers(name, '1.0.0');
    });
    await step('the report holds evidence and approvals', () => tale.report(name));
    await step('the audit verifies without the registry, and tells a change', () => tale.prove(name));
  } finally {
    await tale.close();
  }
}

class Tale {
  #registries;
  #place;
  #home;
  #show;
  #tokens;
  #clients = [];

  constructor({ registries, token, place, show }) {
    this.#registries = registries;
    this.#place = place;
    this.#home = path.join(place, 'governed-home');
    this.#show = show;
    this.#tokens = new Map([['admin', token]]);
  }

  async gather() {
    for (const user of [OWNER, AUTHOR, BUSINESS, RISK, APPLICATION]) {
      const scopes = user === APPLICATION ? 'read' : 'read,publish';
      const made = await this.#quietly(
        'admin',
        'token',
        'create',
        '--user',
        user,
        '--name',
        'story',
        '--scopes',
        scopes,
        '--json',
      );
      this.#tokens.set(user, JSON.parse(made).token);
    }
    // Told before, the project and its people are there.
    if ((await this.#request(OWNER, 'GET', PROJECT)).ok) return;
    await this.prompd(OWNER, 'org', 'create', SCOPE, '--description', 'The story of staging');
    for (const role of ROLES) await this.prompd(OWNER, 'member', 'add', SCOPE, ...role);
  }

  async write(name) {
    const module = moduleOf(name);
    await this.#done(AUTHOR, 'POST', `${PROJECT}/modules`, { body: { module: module.id } });
    const prompt = `${module.address}/prompts/summary`;
    await this.#done(AUTHOR, 'PUT', prompt, { body: { source: source('Sum up') }, absent: true });
    const etag = await this.#etag(prompt);
    await this.#done(AUTHOR, 'PUT', prompt, { body: { source: source('Briefly sum up') }, etag });
    const manifest = await this.#etag(`${module.address}/draft/files/prompd.json`);
    const { feat, description } = manifestOf(name, '1.0.0');
    await this.#done(AUTHOR, 'PUT', `${module.address}/draft`, {
      body: { feat, description },
      etag: manifest,
    });
  }

  async overtaken(name) {
    const body = { source: source('Never sum up') };
    const prompt = `${moduleOf(name).address}/prompts/summary`;
    const answer = await this.#request(AUTHOR, 'PUT', prompt, { body, etag: '"0"' });
    assert.equal(answer.status, 412);
  }

  async commit(name) {
    const draft = `${moduleOf(name).address}/draft`;
    const etag = await this.#etag(draft);
    const answer = await this.#done(AUTHOR, 'POST', `${draft}/commit`, { body: { version: '1.0.0' }, etag });
    assert.equal(answer.status, 202);
  }

  async approveAsAuthor(name) {
    const { id } = await this.#pending(AUTHOR, name);
    const second = [
      'token',
      'create',
      '--user',
      AUTHOR,
      '--name',
      'another',
      '--scopes',
      'read,publish',
      '--json',
    ];
    this.#tokens.set('story-author-again', JSON.parse(await this.#quietly('admin', ...second)).token);
    for (const who of [AUTHOR, 'story-author-again'])
      await this.#fails(who, 'EFOUREYES', 'approvals', 'approve', id);
  }

  async approve(name, version) {
    const { id } = await this.#pending(BUSINESS, name);
    await this.prompd(RISK, 'approvals', 'list', '--package', name);
    await this.prompd(RISK, 'approvals', 'approve', id, '--reason', 'the evidence is complete');
    const channel = await this.#request(APPLICATION, 'GET', deliveryOf(name, `version=${version}`));
    assert.equal(channel.status, 404, 'one approval of two');
    await this.prompd(BUSINESS, 'approvals', 'approve', id);
  }

  async publish(name, version) {
    const folder = path.join(this.#place, version);
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'prompd.json'), JSON.stringify(manifestOf(name, version)));
    writeFileSync(path.join(folder, 'summary.prompd'), source('In two sentences, sum up'));
    writeFileSync(path.join(folder, 'README.md'), '# Summaries\n');
    await this.prompd(AUTHOR, 'publish', folder);
  }

  /** Asks every replica, as an application by HTTP and by the client. @param expected a version, or 404 for none */
  async delivers(name, expected) {
    const digests = new Set();
    for (const [at, registry] of this.#registries.entries()) {
      await until(`${registry} delivers ${expected}`, async () => {
        const answer = await this.#request(APPLICATION, 'GET', deliveryOf(name, 'tag=production'), { at });
        if (expected === 404 || !answer.ok) return answer.status === expected;
        const { version, digest, source: from } = await answer.json();
        if (version !== expected) return false;
        digests.add(digest);
        this.#show(
          `GET ${registry}${deliveryOf(name, 'tag=production')}`,
          `200 ${version} ${digest} from ${from}`,
        );
        return true;
      });
      if (expected === 404) continue;
      const client = this.#client(at);
      await until(`the client of ${registry} has ${expected}`, async () => {
        const rendered = await client.render(`${name}:summary`, { file: 'The file.' });
        digests.add(rendered.digest);
        return rendered.version === expected && rendered.text.includes('The file.');
      });
    }
    // One content, wherever and however it is asked for.
    assert.equal(digests.size, expected === 404 ? 0 : 1);
  }

  async refuses(name, version) {
    for (const [at, registry] of this.#registries.entries()) {
      await until(`${registry} refuses ${version}`, async () => {
        const answer = await this.#request(APPLICATION, 'GET', deliveryOf(name, `version=${version}`), {
          at,
        });
        return answer.status === 410;
      });
    }
  }

  async report(name) {
    const file = path.join(this.#place, 'report.html');
    await this.prompd(AUTHOR, 'feat', 'report', `${name}@1.0.0`, '--format', 'html', '--output', file);
    const report = readFileSync(file, 'utf8');
    for (const who of [BUSINESS, RISK]) assert(report.includes(who), `${who} is not in the report`);
  }

  async prove(name) {
    const file = path.join(this.#place, 'audit.jsonl');
    await this.prompd(OWNER, 'registry', 'audit', 'export', file, SCOPE);
    const away = { PROMPD_REGISTRY: 'http://127.0.0.1:9' };
    await this.#run({ who: OWNER, args: ['registry', 'audit', 'verify', file], more: away });
    const audit = readFileSync(file, 'utf8');
    assert(audit.includes(name));
    const forged = path.join(this.#place, 'forged.jsonl');
    const rewritten = audit.replace(`"actor":"${RISK}"`, `"actor":"${AUTHOR}"`);
    assert.notEqual(rewritten, audit);
    writeFileSync(forged, rewritten);
    const { code } = await this.#spawn(OWNER, ['registry', 'audit', 'verify', forged], away);
    assert.equal(code, 7, 'a changed row was not found');
  }

  /** Runs a command as somebody, and shows it. @throws Error unless it ends with 0 */
  prompd(who, ...args) {
    return this.#run({ who, args, shown: true });
  }

  async close() {
    await Promise.all(this.#clients.map(client => client.close()));
  }

  #client(at) {
    this.#clients[at] ??= createPromptClient({
      registry: this.#registries[at],
      token: this.#tokens.get(APPLICATION),
      deadlineMs: 5000,
      refreshMs: 1000,
    });
    return this.#clients[at];
  }

  async #pending(who, name) {
    const listed = JSON.parse(await this.#quietly(who, 'approvals', 'list', '--package', name, '--json'));
    assert.equal(listed.approvals.length, 1);
    return listed.approvals[0];
  }

  #quietly(who, ...args) {
    return this.#run({ who, args, shown: false });
  }

  async #run({ who, args, shown = true, more = {} }) {
    const { code, out, talk } = await this.#spawn(who, args, more);
    assert.equal(code, 0, `prompd ${args.join(' ')} ended with ${code}\n${out}${talk}`);
    if (shown) this.#show(`${who}$ prompd ${args.join(' ')}`, out || talk);
    return out;
  }

  async #fails(who, expected, ...args) {
    const { code, talk } = await this.#spawn(who, args, {});
    assert.notEqual(code, 0, `prompd ${args.join(' ')} was not refused`);
    assert(talk.includes(expected), talk);
    this.#show(`${who}$ prompd ${args.join(' ')}`, talk);
  }

  #spawn(who, args, more) {
    const env = {
      ...process.env,
      PROMPD_REGISTRY: this.#registries[0],
      PROMPD_TOKEN: this.#tokens.get(who),
      PROMPD_HOME: this.#home,
      NO_COLOR: '1',
      CI: '1',
      ...more,
    };
    const child = spawn(process.execPath, [bin, ...args], {
      cwd: this.#place,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [out, talk] = [[], []];
    child.stdout.on('data', chunk => out.push(chunk));
    child.stderr.on('data', chunk => talk.push(chunk));
    return new Promise(resolve => {
      child.once('close', code => {
        resolve({
          code,
          out: Buffer.concat(out).toString('utf8'),
          talk: Buffer.concat(talk).toString('utf8'),
        });
      });
    });
  }

  async #done(who, method, address, options) {
    const answer = await this.#request(who, method, address, options);
    const said = await answer.text();
    assert(answer.ok, `${method} ${address}: ${answer.status} ${said}`);
    this.#show(`${who}$ ${method} ${address}`, String(answer.status));
    return answer;
  }

  async #etag(address) {
    const answer = await this.#request(AUTHOR, 'GET', address);
    await answer.arrayBuffer();
    return answer.headers.get('etag') ?? undefined;
  }

  #request(who, method, address, { body, etag, absent = false, at = 0 } = {}) {
    const headers = { authorization: `Bearer ${this.#tokens.get(who)}` };
    if (body) headers['content-type'] = 'application/json';
    if (etag) headers['if-match'] = etag;
    if (absent) headers['if-none-match'] = '*';
    const signal = AbortSignal.timeout(30_000);
    return fetch(`${this.#registries[at]}${address}`, {
      method,
      headers,
      signal,
      ...(body && { body: JSON.stringify(body) }),
    });
  }
}

function moduleOf(name) {
  const id = name.slice(SCOPE.length + 1);
  return { id, address: `${PROJECT}/modules/${id}` };
}

function deliveryOf(name, query) {
  return `/delivery/${name}/summary?${query}`;
}

/** Of tier 2: two approve, one of them for risk, and everything that the tier asks for is there. */
function manifestOf(name, version) {
  const { feat } = JSON.parse(readFileSync(example, 'utf8'));
  const reviewBy = new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10);
  return {
    name,
    version,
    description: 'Sums up a customer file, told to a registry by its own story.',
    license: 'MIT',
    main: 'summary',
    prompts: { summary: 'summary.prompd' },
    feat: { ...feat, reviewBy },
  };
}

function source(verb) {
  return `---\nid: summary\nname: Summary\nparameters:\n  - name: file\n    type: string\n    required: true\n---\n# User\n${verb} this file: {{ file }}\n`;
}

async function until(what, isSo) {
  const end = Date.now() + HEARD;
  while (!(await isSo())) {
    assert(Date.now() < end, `not within ${HEARD} ms: ${what}`);
    await delay(50);
  }
}
