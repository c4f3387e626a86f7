import { entropyOf, isPlaceholder } from '../entropy.js';
import type { Match, TextFile, TextRule } from '../rule.js';

interface Shape {
  readonly what: string;
  readonly pattern: RegExp;
}

/**
 * The forms of keys whose issuers gave them one. Each pattern begins where no character of its own alphabet stands
 * before it, so that no character is looked at by two attempts.
 */
const SHAPES: readonly Shape[] = [
  shape('an Anthropic key', /sk-ant-[A-Za-z0-9_-]{24,}/),
  shape('an OpenAI key', /sk-(?!ant-)(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{24,}/),
  shape('an AWS access key', /(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Za-z0-9_-])/),
  shape('a GitHub token', /(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})/),
  shape('a GitLab token', /gl(?:pat|ptt|dt|rt|soat|cbt)-[A-Za-z0-9_-]{20,}/),
  shape('a Google API key', /AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/),
  shape('a Google client secret', /GOCSPX-[A-Za-z0-9_-]{24,}/),
  shape('a Google access token', /ya29\.[A-Za-z0-9_-]{30,}/),
  shape('a Slack token', /xox[abeoprs]-[A-Za-z0-9-]{16,}/),
  shape('a Slack token', /xapp-[0-9]-[A-Za-z0-9-]{16,}/),
  shape('a Stripe key', /[rs]k_(?:live|test)_[A-Za-z0-9]{16,}/),
  shape('a Stripe webhook secret', /whsec_[A-Za-z0-9]{24,}/),
  shape('an npm token', /npm_[A-Za-z0-9]{36}(?![A-Za-z0-9_-])/),
  shape('a PyPI token', /pypi-AgEI[A-Za-z0-9_-]{50,}/),
  shape('a Hugging Face token', /hf_[A-Za-z0-9]{30,}/),
  shape('a Groq key', /gsk_[A-Za-z0-9]{40,}/),
  shape('an xAI key', /xai-[A-Za-z0-9]{40,}/),
  shape('a Perplexity key', /pplx-[A-Za-z0-9]{40,}/),
  shape('a Replicate token', /r8_[A-Za-z0-9]{36,}/),
  shape('a Pinecone key', /pcsk_[A-Za-z0-9_]{40,}/),
  shape('a LangSmith key', /lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}/),
  shape('a Databricks token', /dapi[a-f0-9]{32}(?:-[0-9])?(?![A-Za-z0-9_-])/),
  shape('a DigitalOcean token', /do[ort]_v1_[a-f0-9]{64}/),
  shape('a Shopify token', /shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}/),
  shape('a Notion token', /(?:ntn_|secret_)[A-Za-z0-9]{43,}/),
  shape('a Linear key', /lin_(?:api|oauth)_[A-Za-z0-9]{32,}/),
  shape('a Postman key', /PMAK-[a-f0-9]{24}-[a-f0-9]{34}/),
  shape('an Atlassian token', /ATATT3[A-Za-z0-9_=-]{60,}/),
  shape('a Vault token', /hv[sb]\.[A-Za-z0-9_-]{24,}/),
  shape('a Supabase token', /sb[ps]_[a-z0-9_]{36,}/),
  shape('a Twilio key', /SK[a-f0-9]{32}(?![A-Za-z0-9_-])/),
  shape('an age secret key', /AGE-SECRET-KEY-1[A-Z0-9]{58}/),
  shape('a prompd token', /prompd_(?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{20,}/),
  { what: 'a SendGrid key', pattern: /(?<![A-Za-z0-9_.-])SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}/g },
  {
    what: 'a Telegram bot token',
    pattern: /(?<![A-Za-z0-9_:-])[0-9]{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])/g,
  },
  {
    what: 'a Slack webhook',
    pattern: /hooks\.slack\.com\/services\/[A-Z0-9]{8,20}\/[A-Z0-9]{8,20}\/[A-Za-z0-9]{16,64}/g,
  },
  {
    what: 'a Discord webhook',
    pattern: /discord(?:app)?\.com\/api\/webhooks\/[0-9]{16,20}\/[A-Za-z0-9_-]{60,80}/g,
  },
  { what: 'an Azure storage key', pattern: /AccountKey=[A-Za-z0-9+/]{80,100}={0,2}/g },
  { what: 'a password in an address', pattern: /:\/\/[^\s/:@"'`<>]{1,80}:[^\s/:@"'`<>{}$]{8,120}@/g },
];

/** How the shapes begin: most texts hold none of it, and are read once instead of forty times. */
const MAY_HOLD =
  /sk-|AKIA|ASIA|gh[pousr]_|github_pat_|gl[a-z]{2,4}-|AIza|GOCSPX|ya29|xox|xapp-|[rs]k_|whsec_|npm_|pypi-|hf_|gsk_|xai-|pplx-|r8_|pcsk_|lsv2_|dapi|do[ort]_v1|shp[a-z]{2}_|ntn_|secret_|lin_|PMAK|ATATT3|hv[sb]\.|sb[ps]_|SK[a-f0-9]|AGE-SECRET|prompd_|SG\.|:AA|hooks\.slack|discord|AccountKey|:\/\//;

const JWT = /(?<![A-Za-z0-9_.-])eyJ[A-Za-z0-9_-]{8,}\.(eyJ[A-Za-z0-9_-]{8,})\.[A-Za-z0-9_-]{16,}/g;
/** What an issuer writes into a token that opens something: RFC 7519, section 4.1. */
const REGISTERED_CLAIM = /"(?:iss|sub|aud|exp|nbf|iat|jti)"\s*:/;

const PRIVATE_KEY =
  /-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-[23]: /g;

const ANY_PRIVATE_KEY = /PRIVATE KEY|PuTTY-/;

/** Keys and tokens of known services, and private keys. */
export const secret: TextRule = {
  id: 'secret',
  title: 'A key or token of a known service',
  help: 'The text has the form of a credential that a service issued, or of a private key. What is published cannot be taken back: revoke it where it was issued, then take it out.',
  levels: ['low', 'critical'],
  *checkText(file: TextFile): Generator<Match> {
    for (const { what, pattern } of MAY_HOLD.test(file.text) ? SHAPES : []) {
      for (const { 0: found, index } of file.text.matchAll(pattern)) {
        if (!isPlaceholder(found) && entropyOf(found) >= 3) yield leak(what, found, index);
      }
    }
    for (const { 0: found, 1: claims = '', index } of file.text.includes('eyJ')
      ? file.text.matchAll(JWT)
      : []) {
      const issued = REGISTERED_CLAIM.test(Buffer.from(claims, 'base64url').toString('utf8'));
      yield { ...leak('a JSON Web Token', found, index), level: issued ? 'critical' : 'low' };
    }
    for (const { 0: found, index } of ANY_PRIVATE_KEY.test(file.text)
      ? file.text.matchAll(PRIVATE_KEY)
      : []) {
      // The line alone is how documentation speaks of keys; a key has content.
      const after = file.text.slice(index + found.length, index + found.length + 600);
      if (/[A-Za-z0-9+/]{40}/.test(after)) yield leak('a private key', '-----BEGIN', index);
    }
  },
};

function leak(what: string, found: string, index: number): Match {
  return {
    level: 'critical',
    message: `This looks like ${what}: "${found.slice(0, 8)}...".`,
    hint: 'Revoke it where it was issued, then take it out: what is published cannot be taken back.',
    index,
  };
}

function shape(what: string, { source }: RegExp): Shape {
  return { what, pattern: new RegExp(`(?<![A-Za-z0-9_-])(?:${source})`, 'g') };
}
