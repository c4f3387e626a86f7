import { defineRoute } from '../route.js';
import * as answers from './answers.js';
import { endSessionsQuery, userBody, userChanges, userParams, usersQuery } from './schemas.js';

/** Users, as administrators of the registry see them. */
export const userRoutes = [
  defineRoute({
    method: 'get',
    path: '/users',
    id: 'listUsers',
    summary: 'All users, by name',
    action: 'user.manage',
    query: usersQuery,
    answers: { 200: { description: 'The users', schema: answers.userList } },
    async handle({ query }, { services, response }) {
      const users = await services.identity.accounts.list(query);
      response.set('cache-control', 'no-store').json({ users: users.map(answers.shownUser) });
    },
  }),
  defineRoute({
    method: 'post',
    path: '/users',
    id: 'createUser',
    summary: 'Make a user; without a password they sign in elsewhere',
    action: 'user.manage',
    body: userBody,
    answers: { 201: { description: 'The user', schema: answers.user } },
    async handle({ body }, { actor, services, response }) {
      const user = await services.identity.accounts.create(actor, body);
      response.status(201).set('cache-control', 'no-store').json(answers.shownUser(user));
    },
  }),
  defineRoute({
    method: 'get',
    path: '/users/:user',
    id: 'getUser',
    summary: 'One user',
    action: 'user.manage',
    params: userParams,
    answers: { 200: { description: 'The user', schema: answers.user } },
    async handle({ params }, { services, response }) {
      const user = await services.identity.accounts.find(params.user);
      response.set('cache-control', 'no-store').json(answers.shownUser(user));
    },
  }),
  defineRoute({
    method: 'put',
    path: '/users/:user',
    id: 'changeUser',
    summary: 'Change a user: what is named is changed; disabling ends all that they are signed in with',
    action: 'user.manage',
    params: userParams,
    body: userChanges,
    answers: { 200: { description: 'The user', schema: answers.user } },
    async handle({ params, body }, { actor, services, response }) {
      const user = await services.identity.accounts.administer(actor, params.user, body);
      response.set('cache-control', 'no-store').json(answers.shownUser(user));
    },
  }),
  defineRoute({
    method: 'get',
    path: '/users/:user/sessions',
    id: 'listUserSessions',
    summary: 'Where a user is signed in',
    action: 'user.manage',
    params: userParams,
    answers: { 200: { description: 'The sessions', schema: answers.sessionList } },
    async handle({ params }, { actor, services, response }) {
      const { accounts, sessions } = services.identity;
      const { name } = await accounts.find(params.user);
      const current = actor.kind === 'session' ? actor.sessionId : undefined;
      const found = await sessions.listOf(name);
      response
        .set('cache-control', 'no-store')
        .json({ sessions: found.map(session => answers.shownSession(session, current)) });
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/users/:user/sessions',
    id: 'endUserSessions',
    summary: 'End all that a user is signed in with; their tokens stay',
    action: 'user.manage',
    params: userParams,
    query: endSessionsQuery,
    answers: { 200: { description: 'How many there were', schema: answers.endedSessions } },
    async handle({ params, query: { reason } }, { actor, services, response }) {
      const { accounts, sessions } = services.identity;
      const { name } = await accounts.find(params.user);
      response.set('cache-control', 'no-store').json({ ended: await sessions.endAll(actor, name, reason) });
    },
  }),
];
