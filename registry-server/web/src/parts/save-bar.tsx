import { useUnsaved } from './unsaved.js';

/**
 * The way to save what is written, and whether that is done. It stays in sight while one writes further down.
 */
export function SaveBar({
  label,
  isChanged,
  isBlocked,
  isSaved,
  save,
}: {
  label: string;
  isChanged: boolean;
  /** While it is being saved, or somebody else's text is to be looked at first. */
  isBlocked: boolean;
  isSaved: boolean;
  save: () => void;
}) {
  useUnsaved(isChanged);
  return (
    <p className="row save-bar">
      <button type="button" className="primary" disabled={!isChanged || isBlocked} onClick={save}>
        {label}
      </button>
      <span role="status">{isChanged ? 'Not saved yet' : isSaved ? 'Saved in the draft' : ''}</span>
    </p>
  );
}
