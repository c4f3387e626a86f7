import { useRouter } from '@tanstack/react-router';
import { useAccountChanged } from '../../api/account.js';
import { ownPath } from '../../parts/own-path.js';

/** What happens when somebody is signed in: everything is read as they, and the page they came for is shown. */
export function useEntered(wanted: string | undefined): () => Promise<void> {
  const changed = useAccountChanged();
  const router = useRouter();
  return async () => {
    await changed();
    const path = ownPath(wanted);
    if (path.startsWith('/web/')) router.history.push(path);
    else window.location.assign(path);
  };
}
