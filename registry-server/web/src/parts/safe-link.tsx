import type { ReactNode } from 'react';

const SAFE = /^(?:https?|mailto):/i;

/** A link that somebody wrote who is not trusted. What leads elsewhere than into the web is shown as text. */
export function SafeLink({ url, children }: { url: string | undefined; children: ReactNode }) {
  if (url === undefined || !SAFE.test(url)) return <>{children}</>;
  return (
    <a href={url} rel="nofollow noopener noreferrer" target="_blank">
      {children}
    </a>
  );
}
