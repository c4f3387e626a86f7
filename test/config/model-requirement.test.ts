import test from 'ava';
import { modelPolicyOf } from '#prompd/config/model-requirement.js';

for (const [variable, user, project, expected] of [
  [undefined, undefined, undefined, 'warn'],
  [undefined, 'off', undefined, 'off'],
  [undefined, undefined, 'off', 'warn'],
  [undefined, 'refuse', 'warn', 'refuse'],
  [undefined, 'off', 'refuse', 'refuse'],
  ['off', 'refuse', 'refuse', 'off'],
] as const) {
  test(`models.require: variable ${variable}, user ${user}, project ${project} is ${expected}`, t => {
    t.is(modelPolicyOf(variable, { user, project }), expected);
  });
}

test('a variable that is no policy is refused', t => {
  t.throws(() => modelPolicyOf('maybe', { user: undefined, project: undefined }), { code: 'ECONFIG' });
});
