import type { Response } from 'express';
import type { PublishReceipt } from '../services/publish.js';
import { requestDocument } from './approval-answers.js';

/** Answers a publication: 202 for a version that waits for approval. */
export function sendReceipt(response: Response, { approval, ...receipt }: PublishReceipt): void {
  response
    .status(approval ? 202 : 201)
    .json({ ...receipt, ...(approval && { approval: requestDocument(approval) }) });
}
