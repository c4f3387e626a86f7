import type {
  WebhookCreation,
  WebhookDeliveries,
  WebhookList,
  WebhookTest,
} from '../ops/registry/webhook.js';
import type { RegistryWebhook } from '../registry/registry.js';
import { columns } from './columns.js';
import { printable } from './error.js';
import type { Style } from './style.js';

/** A new webhook with its secret. */
export function createdWebhookText(webhook: WebhookCreation, style: Style): string {
  const rows = [
    ['told', oneLine(webhook.url)],
    ['of', scopeOf(webhook)],
    ['secret', oneLine(webhook.secret)],
  ];
  return [
    style.strong(oneLine(webhook.id)),
    ...columns(rows, (cell, _row, column) => (column === 0 ? style.dim(cell) : cell)),
  ].join('\n');
}

/** One webhook a line, by its id first for scripts that read it. */
export function webhooksText({ webhooks, registry }: WebhookList, style: Style): string {
  if (webhooks.length === 0) return style.dim(`There are no webhooks at ${registry}.`);
  const rows = webhooks.map(webhook => [
    oneLine(webhook.id),
    oneLine(webhook.owner),
    oneLine(webhook.url),
    webhook.disabledAt === undefined
      ? scopeOf(webhook)
      : `disabled ${webhook.disabledAt.slice(0, 10)} ${oneLine(webhook.disabledReason ?? '')}`.trim(),
  ]);
  return columns(rows, (cell, _row, column) => (column === 0 ? style.strong(cell) : cell)).join('\n');
}

/** One message a line, newest first. */
export function deliveriesText({ deliveries, id }: WebhookDeliveries, style: Style): string {
  if (deliveries.length === 0) return style.dim(`${printable(id)} was sent nothing lately.`);
  const rows = deliveries.map(({ createdAt, type, state, attempts, lastStatus, lastError, nextAt }) => [
    createdAt.slice(0, 19),
    oneLine(type),
    oneLine(state),
    `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`,
    oneLine(lastError ?? (lastStatus === undefined ? '' : String(lastStatus))),
    nextAt === undefined || attempts === 0 ? '' : `again at ${nextAt.slice(0, 19)}`,
  ]);
  return columns(rows.map(row => row.map(oneLine))).join('\n');
}

/** What came of a test. */
export function webhookTestText({ id, delivered, delivery }: WebhookTest, style: Style): string {
  const name = style.strong(printable(id));
  if (delivered) return `${name} took the test (${delivery?.lastStatus ?? 'no status'})`;
  return `${name} did not take the test: ${oneLine(delivery?.lastError ?? 'nothing came back in time')}`;
}

function scopeOf({ events, packages, follow }: RegistryWebhook): string {
  return oneLine(
    `${events.join(', ')} about ${[...packages, ...follow.map(whose => `${whose} packages`)].join(', ')}`,
  );
}

function oneLine(text: string): string {
  return printable(text).replace(/\s+/g, ' ').trim();
}
