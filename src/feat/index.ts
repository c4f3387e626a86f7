export { type ApprovalSubject, approvalDigest } from './approval-digest.js';
export { type FeatCheckOptions, openPoints } from './check.js';
export { type FeatBlock, isTier, TIERS, type Tier } from './feat-block.js';
export type { OpenPoint } from './open-point.js';
export { PRINCIPLES, type Principle } from './principles.js';
export {
  type FeatReport,
  featReport,
  type ReportApproval,
  type ReportDecision,
  type ReportInput,
} from './report.js';
export { reportHtml } from './report-html.js';
export { reportMarkdown } from './report-markdown.js';
export { DEFAULT_REVIEW_DAYS, isReviewPast, latestReview, type ReviewDays, reviewDue } from './review.js';
export { type Tiering, tieringOf } from './tier.js';
