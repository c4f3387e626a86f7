import { stampOf } from '../domain/stamp.js';
import { splitAnswer, splitBody } from './delivery-schemas.js';
import { type Call, definePackageRoute } from './route.js';
import { tagParams } from './schemas.js';

const PATH = '/packages/:name/dist-tags/:tag/split';

export const channelSplitRoutes = [
  definePackageRoute({
    method: 'get',
    path: PATH,
    id: 'getChannelSplit',
    summary: 'How a channel is split over two versions, and how it was',
    action: 'package.read',
    params: tagParams,
    answers: { 200: { description: 'The split and its history', schema: splitAnswer } },
    handle: ({ params: { name, tag } }, call) => answer(call, name, tag),
  }),
  definePackageRoute({
    method: 'put',
    path: PATH,
    id: 'setChannelSplit',
    summary: 'Give a share of those who read a channel another version',
    action: 'package.split',
    params: tagParams,
    body: splitBody,
    answers: { 200: { description: 'The split and its history', schema: splitAnswer } },
    async handle({ params: { name, tag }, body: { reason, ...split } }, call) {
      const { actor, services } = call;
      const stamp = stampOf(actor, new Date(services.delivery.wallTime()), reason);
      await services.delivery.splits.set(name, { tag, split, stamp });
      await answer(call, name, tag);
    },
  }),
  definePackageRoute({
    method: 'delete',
    path: PATH,
    id: 'endChannelSplit',
    summary: 'Give everybody who reads a channel what it points at',
    action: 'package.split',
    params: tagParams,
    answers: { 204: { description: 'It is not split' } },
    async handle({ params: { name, tag } }, { actor, services, response }) {
      const stamp = stampOf(actor, new Date(services.delivery.wallTime()));
      await services.delivery.splits.set(name, { tag, split: null, stamp });
      response.status(204).end();
    },
  }),
];

async function answer({ services, response }: Call, name: string, tag: string): Promise<void> {
  const { splits } = services.delivery;
  const [split, history] = await Promise.all([splits.find(name, tag), splits.moves(name, tag)]);
  response.json({
    tag,
    split: split ?? null,
    history: history.map(move => ({ ...move, movedAt: move.movedAt.toISOString() })),
  });
}
