import { useAccount } from '../../api/account.js';
import { useAsked } from '../../parts/asked.js';
import { Compatibility } from '../compatibility/compatibility.js';
import type { TabProps } from './package.js';
import '../../styles/work.css';

/** Which prompts of a version work with which models. */
export default function CompatibilityTab({ found: { name }, version }: TabProps) {
  return <Compatibility key={`${name} ${version}`} name={name} version={version} mayRun={useMayRun(name)} />;
}

/** Whether who is signed in may publish the package, and so have its tests run. */
function useMayRun(name: string): boolean {
  const user = useAccount();
  const project = /^@[^/]+/.exec(name)?.[0];
  const enabled = Boolean(user);
  const roles = useAsked(
    'getProject',
    { path: { project: project ?? '' } },
    { enabled: enabled && project !== undefined },
  );
  const owners = useAsked('getOwners', { path: { name } }, { enabled });
  if (!user) return false;
  if (roles.data) return roles.data.you.roles.includes('editor');
  return owners.data?.owners.some(({ user: owner }) => owner === user.name) ?? false;
}
