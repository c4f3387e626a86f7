// A report is about a manifest: who makes one from a text checks it first, also where the rest of core/ cannot be loaded.
export { checkPackageManifest } from '../core/manifest.js';
export { type ApprovalSubject, approvalDigest } from './approval-digest.js';
export { type FeatCheckOptions, openPoints } from './check.js';
export { type FeatBlock, isTier, TIERS, type Tier } from './feat-block.js';
export type { OpenPoint } from './open-point.js';
export { PRINCIPLES, type Principle } from './principles.js';
export { type ReadBlock, readBlock } from './read-block.js';
export {
  type FeatReport,
  featReport,
  type ReportApproval,
  type ReportDecision,
  type ReportInput,
} from './report.js';
export { reportHtml } from './report-html.js';
export { type Block, layoutOf } from './report-layout.js';
export { reportMarkdown } from './report-markdown.js';
export { DEFAULT_REVIEW_DAYS, isReviewPast, latestReview, type ReviewDays, reviewDue } from './review.js';
export { type Tiering, tieringOf } from './tier.js';
