import { Box } from 'ink';
import { useMemo, useState } from 'react';
import type { Version } from '../../../core/version.js';
import type { PackageInfo } from '../../../ops/registry/info.js';
import { fitted } from '../../parts/clean-text.js';
import { diffLines } from '../../parts/diff-lines.js';
import { useKeys } from '../../parts/key-layers.js';
import { type Line, textLine } from '../../parts/line.js';
import { LineView } from '../../parts/line-view.js';
import { listMove, moved, TOP } from '../../parts/list-state.js';
import { useLoaded } from '../../parts/use-loaded.js';
import { useModel } from '../../parts/use-model.js';
import { WindowedList } from '../../parts/windowed-list.js';
import type { SectionProps } from './package-view.js';
import { LoadedLines } from './section.js';

/** The versions, newest first, and what the one that is shown differs in from another. */
export function VersionsSection({
  onLook,
  ...props
}: SectionProps & { readonly onLook: (version: Version) => void }) {
  const { info, size, active } = props;
  const { versions } = info;
  const rows = Math.max(1, size.rows - 1);
  const list = useModel(movedBy, () => TOP);
  const [other, setOther] = useState<Version | undefined>(undefined);
  useKeys(
    'section',
    key => {
      const move = listMove(key);
      const version = versions[list.now().cursor];
      if (move !== undefined) list.send({ move, size: { length: versions.length, rows } });
      else if (version === undefined) return false;
      else if (key === 'enter') setOther(version);
      else if (key === 'v') onLook(version);
      else return false;
      return true;
    },
    active && other === undefined,
  );
  if (other !== undefined) return <Comparison {...props} from={other} onClose={() => setOther(undefined)} />;
  return (
    <Box flexDirection="column">
      <LineView line={textLine(`Enter: what ${info.version} differs in from it  v: look at it`, 'dim')} />
      <WindowedList
        length={versions.length}
        rows={rows}
        list={list.state}
        active={active}
        line={index => versionLine(info, versions[index])}
      />
    </Box>
  );
}

function movedBy(
  state: typeof TOP,
  { move, size }: { readonly move: Parameters<typeof moved>[1]; readonly size: Parameters<typeof moved>[2] },
) {
  return moved(state, move, size);
}

function versionLine({ version: shown, distTags, times }: PackageInfo, version: Version | undefined): Line {
  if (version === undefined) return [];
  const tags = Object.entries(distTags).flatMap(([tag, target]) => (target === version ? [tag] : []));
  const time = Object.hasOwn(times, version) ? times[version] : undefined;
  return [
    { text: fitted(version, 20), tone: version === shown ? 'strong' : 'plain' },
    { text: ` ${(time ?? '').slice(0, 10)}  `, tone: 'dim' },
    { text: tags.join(' '), tone: 'name' },
    { text: version === shown ? '  (shown)' : '' },
  ];
}

function Comparison({
  session,
  info,
  size,
  active,
  from,
  onClose,
}: SectionProps & { readonly from: Version; readonly onClose: () => void }) {
  const { name, version } = info;
  const loaded = useLoaded(`${name} ${from} ${version}`, signal =>
    session.compare(name, from, version, signal),
  );
  useKeys(
    'section',
    key => {
      if (key !== 'escape' && key !== 'backspace') return false;
      onClose();
      return true;
    },
    active,
  );
  const value = loaded.state === 'ready' ? loaded.value : undefined;
  const lines = useMemo(() => (value ? diffLines(value, size.columns) : []), [value, size.columns]);
  return <LoadedLines loaded={loaded} size={size} active={active} lines={() => lines} />;
}
