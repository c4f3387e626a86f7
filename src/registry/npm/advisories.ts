import type { RegistryAdvisories } from '../registry.js';
import { unsupported } from './document.js';

/** npm's protocol has a question about advisories, and no way to publish one. */
export function npmAdvisories(url: string): RegistryAdvisories {
  const refuse = async (): Promise<never> => {
    throw unsupported(
      'publish advisories, or list them',
      url,
      '"prompd audit" asks for those that hold. A prompd registry keeps advisories of its packages.',
    );
  };
  return { publish: refuse, list: refuse, find: refuse, withdraw: refuse };
}
