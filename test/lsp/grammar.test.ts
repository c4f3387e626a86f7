import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import oniguruma from 'vscode-oniguruma';
import textmate, { type IGrammar, type IRawGrammar } from 'vscode-textmate';

const GRAMMAR = fileURLToPath(
  new URL('../../../editors/vscode/syntaxes/prompd.tmLanguage.json', import.meta.url),
);

/** What stands in for the grammars of YAML and Markdown that VS Code has: a key, and a heading up to the end of its line. */
const OTHERS: Readonly<Record<string, string>> = {
  'source.yaml':
    '{"scopeName":"source.yaml","patterns":[{"match":"^\\\\s*[\\\\w-]+(?=:)","name":"entity.name.tag.yaml"}]}',
  'text.html.markdown':
    '{"scopeName":"text.html.markdown","patterns":[{"begin":"^#","end":"$","name":"markup.heading.markdown"}]}',
};

let grammar: IGrammar;

test.before('the grammar is loaded', async () => {
  const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma');
  await oniguruma.loadWASM(readFileSync(path.join(path.dirname(wasm), 'onig.wasm')));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: sources => new oniguruma.OnigScanner(sources),
      createOnigString: text => new oniguruma.OnigString(text),
    }),
    loadGrammar: async scope => {
      const text = scope === 'text.prompd' ? readFileSync(GRAMMAR, 'utf8') : OTHERS[scope];
      return text === undefined ? null : raw(text, scope);
    },
  });
  const loaded = await registry.loadGrammar('text.prompd');
  if (!loaded) throw new Error('no grammar');
  grammar = loaded;
});

function raw(text: string, scope: string): IRawGrammar {
  return textmate.parseRawGrammar(text, `${scope}.json`);
}

/** The scopes of the first place where a word stands in a text. */
function scopesOf(text: string, word: string): string {
  let stack = textmate.INITIAL;
  for (const line of text.split('\n')) {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
    stack = ruleStack;
    const at = line.indexOf(word);
    if (at === -1) continue;
    return (
      tokens.find(({ startIndex, endIndex }) => startIndex <= at && at < endIndex)?.scopes.join(' ') ?? ''
    );
  }
  return '';
}

const HEAD = '---\nname: a\nuser: "Say {{ greeting }}"\n---\n';
const CASES: readonly [string, string, string, RegExp][] = [
  ['a key of the front matter is YAML', HEAD, 'name', /front-matter.* entity\.name\.tag\.yaml/],
  [
    'a tag in the front matter is a template',
    HEAD,
    'greeting',
    /front-matter.* meta\.template\.prompd.* variable\.other/,
  ],
  ['the fences are punctuation', HEAD, '---', /punctuation\.definition\.front-matter\.begin/],
  ['the body is Markdown', `${HEAD}# Task\n`, 'Task', /block\.body.* markup\.heading\.markdown/],
  [
    'a tag in a heading is a template',
    `${HEAD}# On {{ topic }}\n`,
    'topic',
    /markup\.heading.* variable\.other/,
  ],
  ['a statement has a keyword', `${HEAD}{% for x in list %}`, 'for', /keyword\.control\.prompd/],
  ['a statement has words of operators', `${HEAD}{% for x in list %}`, 'in ', /keyword\.operator\.word/],
  ['a filter is a function', `${HEAD}{{ a | upper }}`, 'upper', /support\.function\.filter/],
  ['a test is a function', `${HEAD}{% if a is not defined %}`, 'defined', /support\.function\.test/],
  [
    'a string in a tag is a string',
    `${HEAD}{{ a | default("none }} here") }}`,
    'here',
    /string\.quoted\.double/,
  ],
  [
    'the single-brace form is a template',
    `${HEAD}Say {word|upper} now`,
    'word',
    /meta\.template\.prompd.* variable\.other/,
  ],
  ['JSON in braces is none', `${HEAD}{"wordy": 1}`, 'wordy', /block\.body\.prompd$/],
  ['a note is a comment', `${HEAD}{# hidden {{ x }} #}`, 'hidden', /comment\.block\.template/],
  ['what is raw has no tags', `${HEAD}{% raw %}{{ x }}{% endraw %}`, 'x }}', /meta\.raw\.prompd$/],
  [
    'after what is raw there are tags again',
    `${HEAD}{% raw %}a{% endraw %}{{ zed }}`,
    'zed',
    /variable\.other/,
  ],
  ['a section has its id', `${HEAD}<!-- section-id: my-part -->\n# Part`, 'my-part', /entity\.name\.section/],
  ['three dashes in the body are text', `${HEAD}text\n---\nmore: b`, 'more: b', /block\.body/],
];

for (const [title, text, word, scopes] of CASES) {
  test(`in the grammar, ${title}`, t => t.regex(scopesOf(text, word), scopes));
}
