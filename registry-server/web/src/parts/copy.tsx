import { useRef, useState } from 'react';

/** A text to copy. */
export function Copy({ text, what }: { text: string; what: string }) {
  const [copied, setCopied] = useState<'Copied' | 'Selected'>();
  const shown = useRef<HTMLElement>(null);
  return (
    <span className="copy">
      <code ref={shown}>{text}</code>
      <button
        type="button"
        className="quiet"
        onClick={async () => setCopied((await written(text)) ? 'Copied' : selected(shown.current))}
      >
        {copied ?? 'Copy'}
        <span className="hidden">{` ${what}`}</span>
      </button>
    </span>
  );
}

/** Browsers give the clipboard only to pages that come over TLS or from this machine, and may refuse it. */
async function written(text: string): Promise<boolean> {
  const clipboard: Clipboard | undefined = navigator.clipboard;
  if (clipboard === undefined) return false;
  return clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}

/** Marks the text, so that the keys for copying take it, and presses them where the browser does that. */
function selected(element: HTMLElement | null): 'Copied' | 'Selected' {
  if (element) getSelection()?.selectAllChildren(element);
  return document.execCommand('copy') ? 'Copied' : 'Selected';
}
