import type { ProviderConfig } from '../config/config.js';
import type { ErrorCode } from '../core/error-table.js';
import { PrompdError } from '../core/errors.js';
import { hideKeyAndPieces } from './hide-key.js';
import { ModelFailure } from './model.js';

/** What an endpoint says about why it does not answer, whatever protocol it speaks. */
export interface Refusal {
  /** HTTP status; undefined for an error inside of a stream. */
  readonly status?: number | undefined;
  readonly message: string;
  /** `code` and `type` of the protocol's error object, with a space between. */
  readonly codes: string;
  readonly retryAfterMs?: number | undefined;
}

/** Whom a refusal is about. */
export interface Asked {
  readonly provider: ProviderConfig;
  readonly model: string;
  /** Removed from every text that comes back. */
  readonly key: string | undefined;
}

const CONTEXT =
  /context[_ ](?:length|window|size)|maximum context|prompt is too long|too many (?:input |total )?tokens|input (?:is )?too long|exceeds? (?:the )?(?:available |maximum )?context|request_too_large|string_above_max_length/i;
const FILTER = /content[_ ](?:filter|policy|management)|responsible_ai|safety system/i;
const PARAMETER =
  /unsupported_(?:parameter|value)|unknown_parameter|(?:parameter|temperature|max_tokens|field)\b[^.]{0,80}(?:not supported|unsupported|not permitted|unknown|deprecated)|extra inputs are not permitted/i;
const MODEL =
  /model_not_found|invalid_model|no such model|unknown model|model\b.{0,160}?(?:not found|not exist|not available|not supported|do(?:es)? not have access)/is;
const QUOTA = /insufficient_quota|billing|credit balance|exceeded your current quota|payment/i;
const OVERLOAD = /overloaded|rate[_ ]limit|too many requests/i;
/** Error of the provider itself, whatever word its message has for that. */
const SERVER = /\b(?:server_error|internal_error|internal_server_error)\b/i;

/** Sorts a refusal into the errors that a user can tell apart, and says whether asking again may help. */
export function refusalFailure(refusal: Refusal, asked: Asked): ModelFailure {
  const { code, message, hint, worthIt } = sort(refusal, asked);
  const { provider, model, key } = asked;
  const { status, retryAfterMs } = refusal;
  const said = cleaned(refusal.message, key);
  const error = new PrompdError(code, message, {
    facts: {
      provider: provider.name,
      model,
      ...(status === undefined ? {} : { status }),
      ...(said === '' ? {} : { said }),
      ...(retryAfterMs === undefined ? {} : { retryAfterSeconds: Math.ceil(retryAfterMs / 1000) }),
    },
    hint,
  });
  return new ModelFailure(error, { worthIt, afterMs: retryAfterMs });
}

/** How much of what an endpoint says is looked at, in UTF-16 code units: more than is shown. */
const MAX_SAID = 4_000;

/** A text from an endpoint, short enough for an error and without the key or a piece of it, which some endpoints repeat. */
export function cleaned(text: string, key: string | undefined): string {
  return hideKeyAndPieces(text.slice(0, MAX_SAID), key).replace(/\s+/g, ' ').trim().slice(0, 300);
}

interface Sorted {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly worthIt: boolean;
}

function sort({ status, message, codes }: Refusal, { provider: { name }, model }: Asked): Sorted {
  const said = `${codes} ${message}`;
  const never = (code: ErrorCode, text: string, hint?: string): Sorted => ({
    code,
    message: text,
    worthIt: false,
    ...(hint === undefined ? {} : { hint }),
  });
  if (status === 402 || QUOTA.test(said)) {
    const hint = 'Look at the account with the provider: its credit or its quota is used up.';
    return never('ERATELIMIT', `The account with "${name}" has no credit left for this request.`, hint);
  }
  const passing = status ?? passingStatus(codes);
  const overload = SERVER.test(codes) ? codes : said;
  if (passing === 429 || (passing === undefined && OVERLOAD.test(overload))) {
    return { code: 'ERATELIMIT', message: `"${name}" takes no more requests for now.`, worthIt: true };
  }
  if (passing === 408 || (passing !== undefined && passing >= 500)) {
    return { code: 'EMODELSERVER', message: `"${name}" failed with status ${passing}.`, worthIt: true };
  }
  if (CONTEXT.test(said) || status === 413) {
    return never('ECONTEXTLENGTH', `The prompt is longer than "${model}" can read.`);
  }
  if (FILTER.test(said))
    return never('ECONTENTFILTER', `The content filter of "${name}" stopped the request.`);
  if (status === 401 || /authentication_error|invalid_api_key/.test(codes)) {
    return never('EPROVIDERKEY', `"${name}" does not accept the API key.`);
  }
  if (PARAMETER.test(said)) {
    return never('EMODELREQUEST', `"${model}" does not take a parameter of the request.`);
  }
  if (MODEL.test(said) || (status === 404 && /not_found_error/.test(codes))) {
    return never('EUNKNOWNMODEL', `"${name}" has no model "${model}" for this key.`);
  }
  if (status === 403) return never('EPROVIDERKEY', `"${name}" does not allow this with the API key.`);
  if (status === 404 || status === 405) {
    const hint = `Check the address with "prompd provider show ${name}": most end in "/v1".`;
    return never('EMODELANSWER', `"${name}" has nothing at its address.`, hint);
  }
  if (status === undefined) return never('EMODELSERVER', `"${name}" failed while it answered.`);
  return never('EMODELREQUEST', `"${name}" does not accept the request.`);
}

/** The status that an error inside of a stream would have had before it: some protocols write it as the code. */
function passingStatus(codes: string): number | undefined {
  const found = /(?:^| )(408|429|5\d\d)(?: |$)/.exec(codes)?.[1];
  return found === undefined ? undefined : Number(found);
}
