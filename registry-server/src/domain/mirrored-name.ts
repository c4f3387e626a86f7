import { PrompdError } from 'prompd/core';

/** Why a mirrored package does not change here. */
export function mirroredName(name: string, uplink: string): PrompdError {
  return new PrompdError(
    'EFORBIDDEN',
    `${name} is mirrored from the uplink "${uplink}" and is not changed here.`,
    {
      facts: { name, uplink },
      hint: `Change it at the registry that it comes from. To publish under this name here, have the operator add it to "local" in the file of the uplinks.`,
    },
  );
}
