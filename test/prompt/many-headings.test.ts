import test from 'ava';
import { parsePrompt } from '#prompd/prompt/document.js';
import { cpuTime } from '../support/cpu-time.js';

const FRONT_MATTER = '---\nname: a\nversion: "1.0.0"\n---\n';
const sectionsOf = (body: string) =>
  parsePrompt({ id: 'a', path: 'a.prompd', text: FRONT_MATTER + body }).prompt?.sections.map(({ id }) => id);

test('the time for a prompt grows with its headings, not faster', t => {
  const body = (count: number) =>
    Array.from({ length: count }, (_, index) => `# H${index}\n\ntext\n`).join('\n');
  sectionsOf(body(500));
  const timeOf = (count: number) => {
    const text = body(count);
    const spent = cpuTime();
    t.is(sectionsOf(text)?.length, count);
    return spent();
  };
  const one = timeOf(2_000);
  const five = timeOf(10_000);
  t.log(`${one} ms, ${five} ms`);
  t.true(five < one * 15, `${one} ms, ${five} ms`);
});

for (const [what, body, ids] of [
  ['closing marks', '# One Two ##\na\n#\tThree\n', ['one-two', 'three']],
  ['no text', '#\na\n# \nb\n', ['section-1', 'section-2']],
  ['a heading of another level', '# A\n## B\n###### C\n', ['a']],
  ['a comment that ends on a line like a heading', '<!-- x\n# no\n# end -->\n\n# Yes\n', ['user', 'yes']],
  ['a fence', '```\n# no\n```\n# Yes\n', ['user', 'yes']],
  ['a list', '- a\n  # no\n\n# Yes\n', ['user', 'yes']],
  ['a line separator in the info of a fence', '```a\u2028# `b\n# Yes\n', ['user', 'yes']],
] as const) {
  test(`sections are found with ${what}`, t => {
    t.deepEqual(sectionsOf(body), [...ids]);
  });
}
