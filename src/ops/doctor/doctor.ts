import type { NetworkConfig } from '../../config/config.js';
import type { Context } from '../context.js';
import { withNetworkUse } from '../install/install-locked.js';
import type { Check } from './doctor-check.js';
import { type MachineOptions, machineChecks } from './doctor-machine.js';
import { networkChecks } from './doctor-network.js';
import { projectChecks } from './doctor-project.js';
import { registryChecks } from './doctor-registries.js';
import { storeChecks } from './doctor-store.js';

export interface DoctorOptions extends MachineOptions {
  readonly use?: NetworkConfig['use'] | undefined;
}

export interface Diagnosis {
  /** Whether nothing failed; warnings are no failures. */
  readonly ok: boolean;
  readonly checks: readonly Check[];
}

/** Looks at everything that prompd needs, and says what to do where something is amiss. Nothing is changed. */
export async function doctor(outer: Context, options: DoctorOptions): Promise<Diagnosis> {
  const context = withNetworkUse(outer, options.use);
  const machine = await machineChecks(context, options);
  const isConfigured = machine.every(({ title, status }) => title !== 'Configuration' || status !== 'fail');
  const checks = [
    ...machine,
    // Which registries there are is not known without the configuration.
    ...(isConfigured ? [...(await networkChecks(context)), ...(await registryChecks(context))] : []),
    ...(await projectChecks(context)),
    ...(await storeChecks(context)),
  ];
  return { ok: checks.every(({ status }) => status !== 'fail'), checks };
}
