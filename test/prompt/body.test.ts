import test from 'ava';
import { readSections } from '#prompd/prompt/body.js';
import { SourceText } from '#prompd/prompt/source-text.js';
import { cpuTime } from '../support/cpu-time.js';
import { fileOf } from './support.js';

/** Sections as `id: content`; a named one with the message it stands in. */
function sections(body: string): string[] {
  const source = new SourceText(fileOf(body));
  return readSections(source, 0, () => {}).map(({ id, role, slot, start, end }) => {
    const text = source.text.slice(start, end);
    return role ? `${id}: ${text}` : `${id} in ${slot}: ${text}`;
  });
}

const CASES: readonly [what: string, body: string, sections: string[]][] = [
  ['a body without headings is the user section', 'hello\n\nworld\n', ['user: hello\n\nworld']],
  ['an empty body has no sections', '\n \n', []],
  ['level-1 headings open the role sections', '# System\na\n# User\nb\n', ['system: a', 'user: b']],
  ['case, blanks and closing marks do not matter', '#   SYSTEM  #\na\n# user:\nb', ['system: a', 'user: b']],
  [
    'blank lines around a section go, everything else stays',
    '# User\n\n\n  a  \n\n\n# X\n',
    ['user:   a  ', 'x in user: '],
  ],
  ['other headings get a kebab-case id', '# Output Format (v2)\na', ['output-format-v2 in user: a']],
  ['ids keep letters of any script', '# Über uns\na\n# 规则\nb', ['über-uns in user: a', '规则 in user: b']],
  ['a heading without letters gets a number', '# ***\na', ['section-1 in user: a']],
  [
    'a comment gives the id',
    '# System\na\n\n<!-- section-id: rules -->\n# My Rules\nb',
    ['system: a', 'rules in system: b'],
  ],
  [
    'a comment right under a text gives the id',
    '# User\na\n<!-- section-id: q -->\n# Z\nb',
    ['user: a', 'q in user: b'],
  ],
  ['a comment can make a role', '<!-- section-id: system -->\n# You\na', ['system: a']],
  [
    'a comment that is not above a heading is text',
    '# User\n<!-- section-id: q -->\ntext\n# Z\nb',
    ['user: <!-- section-id: q -->\ntext', 'z in user: b'],
  ],
  [
    'named sections stand in the role section above',
    '# System\na\n# R\nb\n# User\nc\n# S\nd',
    ['system: a', 'r in system: b', 'user: c', 's in user: d'],
  ],
  [
    'named sections before any role stand in the user section',
    '# R\nb\n# System\na',
    ['r in user: b', 'system: a'],
  ],
  ['level-2 headings are text', '# User\n## a\nb', ['user: ## a\nb']],
  [
    'headings in fenced code are text',
    '# User\n```\n# a\n```\n~~~md\n# b\n~~~',
    ['user: ```\n# a\n```\n~~~md\n# b\n~~~'],
  ],
  ['headings in an open fence are text', '# User\n```\n# a', ['user: ```\n# a']],
  ['headings in indented code are text', '# User\nx\n\n    # a\n', ['user: x\n\n    # a']],
  ['headings in HTML are text', '# User\n<div>\n# a\n</div>\n', ['user: <div>\n# a\n</div>']],
  ['headings in comments are text', '# User\n<!--\n# a\n-->\n', ['user: <!--\n# a\n-->']],
  ['headings in quotes and lists are text', '# User\n> # a\n\n- # b\n', ['user: > # a\n\n- # b']],
  ['headings in template comments are text', '# User\n{#\n# a\n#}\nx', ['user: {#\n# a\n#}\nx']],
  [
    'headings in raw blocks are text',
    '# User\n{% raw %}\n# a\n{% endraw %}',
    ['user: {% raw %}\n# a\n{% endraw %}'],
  ],
  ['an open raw block hides nothing', '# User\n{% raw %}\n# A\nb', ['user: {% raw %}', 'a in user: b']],
  ['underlined headings are text', 'Title\n=====\ntext\n', ['user: Title\n=====\ntext']],
  ['a rule of dashes is text', '# User\na\n\n---\n\nb', ['user: a\n\n---\n\nb']],
  [
    'a tag before a heading does not hide it',
    '{% if x %}\n# A\nb\n{% endif %}',
    ['user: {% if x %}', 'a in user: b\n{% endif %}'],
  ],
  ['a hash without a blank is text', '#User\na', ['user: #User\na']],
  [
    'assistants may repeat: each is an example',
    '# Assistant\na\n# Assistant\nb\n# Assistant\nc',
    ['assistant: a', 'assistant-2: b', 'assistant-3: c'],
  ],
  ['text before the headings belongs to the user section', 'hi\n\n# R\nb', ['user: hi', 'r in user: b']],
  [
    'text before the headings stands before "# User"',
    'hi\n# System\na\n# User\nb',
    ['preamble in user: hi', 'system: a', 'user: b'],
  ],
];

for (const [what, body, expected] of CASES) {
  test(what, t => {
    t.deepEqual(sections(body), expected);
    t.deepEqual(sections(body.replaceAll('\n', '\r\n')), expected);
  });
}

for (const mark of ['> ', '- ', '* ', '1. ', '> - ']) {
  test(`a line of thousands of "${mark.trim()}" does not keep the parser busy, nor hide the section after it`, t => {
    const deep = mark.repeat(30_000 / mark.length);
    const spent = cpuTime();
    t.deepEqual(sections(`# User\n\n${deep}# No\n\n# Rules\nb`).slice(1), ['rules in user: b']);
    t.true(spent() < 3_000);
  });
}
