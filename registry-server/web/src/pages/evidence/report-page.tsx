import { Link, useSearch } from '@tanstack/react-router';
import {
  checkPackageManifest,
  featReport,
  layoutOf,
  type ReportApproval,
  type ReportInput,
  reportHtml,
} from 'prompd/feat';
import { useMemo } from 'react';
import type { AnswerOf } from '../../api/call.js';
import { Shown, useAsked } from '../../parts/asked.js';
import { Problems } from '../../parts/problems.js';
import { ModuleFrame, type OpenModule } from '../module/module-frame.js';
import { ReportBlock } from './report-block.js';
import './evidence.css';

/** The report of a version, or of the draft: to read, to print, to keep. */
export function ReportPage() {
  const { version } = useSearch({ from: '/projects/$project/modules/$module/report' });
  return (
    <ModuleFrame title="Report">
      {open => (
        <>
          <Versions open={open} />
          {version === undefined ? (
            <OfDraft path={open.path} />
          ) : (
            <OfVersion name={open.module.package} version={version} />
          )}
        </>
      )}
    </ModuleFrame>
  );
}

function Versions({ open: { path } }: { open: OpenModule }) {
  const { data } = useAsked('getModuleHistory', { path });
  const published = data?.versions.filter(({ status, deleted }) => status === 'published' && !deleted) ?? [];
  return (
    <nav className="filters" aria-label="Report of">
      <Link to="/projects/$project/modules/$module/report" params={path} activeOptions={{ exact: true }}>
        what is written
      </Link>
      {published.map(({ version }) => (
        <Link key={version} to="/projects/$project/modules/$module/report" params={path} search={{ version }}>
          {version}
        </Link>
      ))}
    </nav>
  );
}

function OfDraft({ path }: { path: OpenModule['path'] }) {
  const asked = useAsked('getDraftFile', { path: { ...path, path: 'prompd.json' } });
  return (
    <Shown asked={asked} what="prompd.json">
      {({ content }) => <Report text={content} approvals={[]} />}
    </Shown>
  );
}

function OfVersion({ name, version }: { name: string; version: string }) {
  const asked = useAsked('getVersion', { path: { name, version } });
  const requests = useAsked('listApprovals', { query: { package: name, version } });
  return (
    <Shown asked={asked} what={version}>
      {({ manifest, dist: { integrity } }) => (
        <Shown asked={requests} what="approvals">
          {({ approvals }) => (
            <Report
              text={JSON.stringify(manifest)}
              integrity={integrity}
              approvals={approvals.map(approvalOf)}
            />
          )}
        </Shown>
      )}
    </Shown>
  );
}

function Report({
  text,
  integrity,
  approvals,
}: {
  text: string;
  integrity?: string;
  approvals: ReportInput['approvals'];
}) {
  const { manifest, problems } = useMemo(() => checkPackageManifest(text), [text]);
  const report = useMemo(
    () => manifest && featReport({ manifest, integrity, approvals, now: new Date() }),
    [manifest, integrity, approvals],
  );
  if (!report) return <Problems problems={problems.map(one => ({ ...one }))} none="" />;
  return (
    <>
      <p className="row">
        <button type="button" onClick={() => window.print()}>
          Print the report
        </button>
        <button
          type="button"
          onClick={() =>
            download(`${report.name.replace(/^@/, '').replace('/', '-')}-feat.html`, reportHtml(report))
          }
        >
          Keep it as one HTML file
        </button>
      </p>
      <article className="report">
        {layoutOf(report).map((block, index) => (
          <ReportBlock key={index} block={block} />
        ))}
      </article>
    </>
  );
}

function approvalOf(request: AnswerOf<'listApprovals'>['approvals'][number]): ReportApproval {
  const { state, requestedBy, requestedAt, policyVersion, digest, decisions } = request;
  return {
    status: state,
    requestedBy,
    requestedAt,
    policyVersion,
    digest,
    decisions: decisions.map(one => ({
      by: one.by,
      onBehalfOf: one.onBehalfOf ?? undefined,
      function: one.function ?? 'approver',
      decision: one.decision === 'approve' ? 'approved' : 'declined',
      at: one.at,
      reason: one.reason ?? undefined,
      digest: one.digest,
    })),
  };
}

function download(name: string, html: string): void {
  const address = URL.createObjectURL(new Blob([html], { type: 'text/html' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
