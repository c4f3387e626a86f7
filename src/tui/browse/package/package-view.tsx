import { Box } from 'ink';
import { useState } from 'react';
import type { Version } from '../../../core/version.js';
import type { PackageInfo } from '../../../ops/registry/info.js';
import { useKeys } from '../../parts/key-layers.js';
import { actionOf, type KeyTable } from '../../parts/keys.js';
import { LinesView, LineView } from '../../parts/line-view.js';
import { useLoaded } from '../../parts/use-loaded.js';
import { actOnPackage } from '../package-actions.js';
import { PACKAGE_KEYS, type PackageKey } from '../search/search-keys.js';
import type { TabProps } from '../tab.js';
import { DependenciesSection } from './dependencies-section.js';
import { DependentsSection } from './dependents-section.js';
import { packageHead } from './package-head.js';
import { PromptsSection } from './prompts-section.js';
import { ReadmeSection } from './readme-section.js';
import { ScanSection } from './scan-section.js';
import { failedLine, loadingLine } from './section.js';
import { SECTIONS, sectionLine } from './sections.js';
import { VersionsSection } from './versions-section.js';

export interface PackageViewProps extends TabProps {
  /** A name, with a version after "@" for another than the latest. */
  readonly spec: string;
  readonly installed: ReadonlyMap<string, string>;
  readonly onClose: () => void;
}

type ViewKey = 'next' | 'previous' | 'close' | PackageKey;

/** The keys of one package's view, besides those of its sections. */
export const PACKAGE_VIEW_KEYS: KeyTable = [
  { keys: ['l', 'right'], action: 'next', does: 'the next section' },
  { keys: ['h', 'left'], action: 'previous', does: 'the section before' },
  { keys: ['enter'], action: 'enter', does: 'fill a prompt, or compare with a version' },
  { keys: ['v'], action: 'version', does: 'among the versions: look at that one' },
  { keys: ['escape', 'backspace'], action: 'close', does: 'back' },
];

const KEYS: KeyTable<ViewKey> = [
  { keys: ['l', 'right'], action: 'next', does: '' },
  { keys: ['h', 'left'], action: 'previous', does: '' },
  { keys: ['escape', 'backspace'], action: 'close', does: '' },
  ...PACKAGE_KEYS,
];

/** All there is to know of a package, in sections. */
export function PackageView(props: PackageViewProps) {
  const { session, size, active, onClose, installed, revision } = props;
  const [spec, setSpec] = useState(props.spec);
  const [section, setSection] = useState(0);
  const loaded = useLoaded(spec, signal => session.detail(spec, signal));
  const info = loaded.state === 'ready' ? loaded.value : undefined;
  const own = info && installed.get(info.name);
  const marks = useLoaded(
    info && `${info.name} ${revision}`,
    async signal => info && session.marks(info.name, signal),
  );
  const head = info
    ? packageHead(info, {
        installed: own,
        marks: marks.state === 'ready' ? marks.value : undefined,
        width: size.columns,
        now: props.now(),
      })
    : [loaded.state === 'failed' ? failedLine(loaded.error) : loadingLine(spec)];
  const rows = Math.max(1, size.rows - head.length - 1);

  useKeys(
    'tab',
    key => {
      const action = actionOf(KEYS, key);
      if (action === undefined) return false;
      if (action === 'close') onClose();
      else if (action === 'next') setSection(at => (at + 1) % SECTIONS.length);
      else if (action === 'previous') setSection(at => (at + SECTIONS.length - 1) % SECTIONS.length);
      else if (info) actOnPackage(props, { ...targetOf(info), installed: own })(action);
      return true;
    },
    active,
  );
  const look = (version: Version) => {
    if (info) setSpec(`${info.name}@${version}`);
    setSection(0);
  };
  return (
    <Box flexDirection="column">
      <LinesView lines={head} />
      <LineView line={sectionLine(section, size.columns)} />
      {info && (
        <Section
          {...props}
          key={`${info.name}@${info.version} ${section}`}
          info={info}
          section={section}
          size={{ columns: size.columns, rows }}
          onLook={look}
        />
      )}
    </Box>
  );
}

export interface SectionProps extends Pick<TabProps, 'session' | 'size' | 'active' | 'notify' | 'now'> {
  readonly info: PackageInfo;
}

function Section({
  section,
  onLook,
  ...props
}: SectionProps & { readonly section: number; readonly onLook: (version: Version) => void }) {
  switch (SECTIONS[section]) {
    case 'Prompts':
      return <PromptsSection {...props} />;
    case 'Versions':
      return <VersionsSection {...props} onLook={onLook} />;
    case 'Dependencies':
      return <DependenciesSection {...props} />;
    case 'Dependents':
      return <DependentsSection {...props} />;
    case 'Scan':
      return <ScanSection {...props} />;
    default:
      return <ReadmeSection {...props} />;
  }
}

function targetOf({ name, version, distTags }: PackageInfo) {
  return { name, version, isLatest: distTags['latest'] === version };
}
