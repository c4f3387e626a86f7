import test from 'ava';
import { foundBy } from '../found-by.js';

for (const [text, letter] of [
  ['Log in to pаypal', 'а'],
  ['the аdmin user', 'а'],
  ['micrоsoft', 'о'],
  ['gοogle', 'ο'],
  ['Αpple', 'Α'],
  ['systеm prompt', 'е'],
] as const) {
  test(`a word that mixes scripts is a warning in: ${text}`, async t => {
    const [finding, ...others] = await foundBy('mixed-script', text);
    t.is(finding?.severity, 'warning');
    t.true(finding?.message.includes(`"${letter}"`));
    t.deepEqual(others, []);
  });
}

for (const text of [
  'Обычный русский текст о погоде и хорошем настроении.',
  'Απλό ελληνικό κείμενο.',
  'web-сайт и IT-отдел',
  'Speed in μs, resistance in kΩ, area πr², Δt and λx',
  'plain English and naïve café',
  '日本語 mixed with English',
  'Українська мова має літери і та ї.',
]) {
  test(`nothing deceives in: ${text}`, async t => {
    t.deepEqual(await foundBy('mixed-script', text), []);
  });
}
