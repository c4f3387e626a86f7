import { checkPackageManifest, featReport } from 'prompd/feat';
import { useMemo } from 'react';

/** What a manifest records for each principle, as the report tells it. */
export default function Principles({ manifest: raw }: { manifest: Readonly<Record<string, unknown>> }) {
  const report = useMemo(() => {
    const { manifest } = checkPackageManifest(JSON.stringify(raw));
    return manifest && featReport({ manifest, approvals: [], now: new Date() });
  }, [raw]);
  if (!report) return <pre>{JSON.stringify(raw['feat'], undefined, 2)}</pre>;
  return report.principles
    .filter(({ evidence }) => evidence.length > 0)
    .map(({ number, title, evidence }) => (
      <section key={number}>
        <h4>{`${number}. ${title}`}</h4>
        <dl className="facts-list">
          {evidence.map(({ path, lines }) => (
            <div key={path} className="pair">
              <dt>
                <code>{path.replace(/^feat\./, '')}</code>
              </dt>
              {lines.map((line, index) => (
                <dd key={`${index} ${line}`}>{line}</dd>
              ))}
            </div>
          ))}
        </dl>
      </section>
    ));
}
