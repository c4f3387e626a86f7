import { PrompdError } from 'prompd/core';
import { userOf } from '../../domain/actor.js';
import { defineRoute } from '../route.js';
import { loginParams } from './schemas.js';

/** Who asks, and who others are. The registry knows users by their tokens alone, so it has no more to say of them. */
export const npmAccountRoutes = [
  defineRoute({
    method: 'get',
    path: '/npm/-/ping',
    id: 'npmPing',
    summary: 'Whether an npm registry answers',
    action: 'registry.describe',
    answers: { 200: { description: 'It does' } },
    async handle(_input, { response }) {
      response.json({});
    },
  }),
  defineRoute({
    method: 'get',
    path: '/npm/-/whoami',
    id: 'npmWhoami',
    summary: 'The user who asks',
    action: 'registry.whoami',
    answers: { 200: { description: 'The user' } },
    async handle(_input, { actor, response }) {
      response.json({ username: userOf(actor) });
    },
  }),
  defineRoute({
    method: 'get',
    path: '/npm/-/npm/v1/user',
    id: 'npmProfile',
    summary: 'The profile of the user who asks',
    action: 'registry.whoami',
    answers: { 200: { description: 'The profile' } },
    async handle(_input, { actor, response }) {
      response.json({ name: userOf(actor), email: '', email_verified: false, tfa: false });
    },
  }),
  defineRoute({
    method: 'get',
    path: '/npm/-/user/:login',
    id: 'npmUser',
    summary: 'A user, before somebody makes them an owner',
    action: 'registry.whoami',
    params: loginParams,
    answers: { 200: { description: 'The user' } },
    async handle({ params: { login: name } }, { services, response }) {
      if (!(await services.tokens.hasUser(name))) {
        throw new PrompdError('ENOUSER', `There is no user ${name} at this registry.`, {
          facts: { user: name },
        });
      }
      response.json({ _id: `org.couchdb.user:${name}`, name, email: '' });
    },
  }),
];
