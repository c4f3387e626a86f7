import { PrompdError } from '../../core/errors.js';
import { isRegistrySource } from '../../core/package-key.js';
import { MAX_LOG_PACKAGES } from '../../core/transparency-log.js';
import type { Registry } from '../../registry/index.js';
import { registryConfig } from '../../registry/index.js';
import type { Context } from '../context.js';
import { absent, checkLog, type LoggedPackage } from './check-log.js';

/** A package that is downloaded or found in the store, and the alias of the registry that it comes from. */
export interface FoundPackage extends LoggedPackage {
  readonly source: string;
}

/** Holds what is installed against the transparency logs. */
export interface InstallLog {
  /** Tells of packages that will be asked about, so that their log is asked once for all of them. */
  announce(packages: Iterable<FoundPackage>): void;
  /**
   * Resolves when the package stands in the log of its registry, or need not.
   * @throws PrompdError ELOGINCLUSION, ELOGABSENT, ELOGKEY, ELOGROLLBACK, ELOGFORK; EOFFLINE when a log is required and
   *   nobody may be asked
   */
  assertLogged(wanted: FoundPackage, registry: Registry): Promise<void>;
}

/** Heeds the setting `transparency`. No log is asked of a package twice. */
export function installLog(context: Context): InstallLog {
  const announced = new Map<string, FoundPackage>();
  const verdicts = new Map<string, Promise<void>>();
  return {
    announce(packages) {
      for (const item of packages) if (isRegistrySource(item.source)) announced.set(keyOf(item), item);
    },
    assertLogged(wanted, registry) {
      const { transparency, network } = context.config;
      if (transparency === 'off' || (transparency !== 'required' && network.use === 'never')) return DONE;
      const known = verdicts.get(keyOf(wanted));
      if (known) return known;
      const { source: alias } = wanted;
      const others = [...announced.values()].filter(
        item => item.source === alias && !verdicts.has(keyOf(item)),
      );
      const all = new Map([wanted, ...others].map(item => [keyOf(item), item]));
      const packages = [...all.values()].slice(0, MAX_LOG_PACKAGES);
      const verdict = judge(context, registry, { alias, packages });
      // Who waits for it hears of a failure; the download that it goes along with may fail before.
      verdict.catch(() => undefined);
      for (const item of packages) verdicts.set(keyOf(item), verdict);
      return verdict;
    },
  };
}

const DONE = Promise.resolve();

function keyOf({ source, name, version, integrity }: FoundPackage): string {
  return [source, name, version, integrity].join(' ');
}

async function judge(
  context: Context,
  registry: Registry,
  { alias, packages }: { alias: string; packages: readonly FoundPackage[] },
): Promise<void> {
  const { transparency, network } = context.config;
  if (network.use === 'never') throw unasked(registry.url);
  const configured = registryConfig(context.config, alias).publicKey;
  let finding: Awaited<ReturnType<typeof checkLog>>;
  try {
    finding = await checkLog(context, registry, { packages, configured });
  } catch (error) {
    if (!(error instanceof PrompdError) || !UNREACHABLE.includes(error.code)) throw error;
    if (transparency === 'required') throw absent(registry.url, error);
    context.progress.warn(`Nobody knows whether ${registry.url} has a transparency log: ${error.message}`);
    return;
  }
  if (finding === undefined) {
    if (transparency === 'required') throw none(registry.url);
    return;
  }
  if (finding.missing.length > 0) throw notLogged(registry.url, finding.missing);
}

/** What asking a registry throws that cannot be asked now, or says nothing that can be understood. */
const UNREACHABLE: readonly string[] = [
  'ENETWORK',
  'ETIMEOUT',
  'EREGISTRY',
  'EBADRESPONSE',
  'EANSWERLIMIT',
  'EREDIRECT',
  'EAUTH',
  'EFORBIDDEN',
];

function unasked(url: string): PrompdError {
  return new PrompdError('EOFFLINE', `The transparency log of ${url} is required, and it may not be asked.`, {
    facts: { registry: url },
    hint: 'Run the command once without --offline: what was found in the log is remembered.',
  });
}

function none(url: string): PrompdError {
  return new PrompdError('ELOGABSENT', `${url} has no transparency log, and "transparency" is "required".`, {
    facts: { registry: url },
    hint: 'Set "transparency" to "when-present", or install from a registry that keeps a log.',
  });
}

/** Packages in an error at most. */
const MAX_NAMED = 20;

/** The error for packages that their registry gives out and does not have in its log. */
export function notLogged(url: string, missing: readonly LoggedPackage[]): PrompdError {
  const names = missing.map(({ name, version }) => `${name}@${version}`).sort();
  const more = names.length > 1 ? ` and ${names.length - 1} more` : '';
  return new PrompdError(
    'ELOGINCLUSION',
    `${names[0]}${more} ${more === '' ? 'is' : 'are'} not in the transparency log of ${url} with the integrity to install.`,
    { facts: { registry: url, packages: names.slice(0, MAX_NAMED), count: names.length } },
  );
}
