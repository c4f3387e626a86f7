import type { FeatReport } from './report.js';
import { type Block, layoutOf } from './report-layout.js';

/**
 * A report as one HTML document that needs nothing beside it: it prints as it is, loads nothing and runs nothing, and
 * what the package says is text in it.
 */
export function reportHtml(report: FeatReport): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(`FEAT evidence: ${report.name} ${report.version}`)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${layoutOf(report).map(blockHtml).join('\n')}
</main>
</body>
</html>
`;
}

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; margin: 2rem auto; max-width: 54rem; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.25rem; margin-top: 2rem; border-bottom: 1px solid #bbb; } h3 { font-size: 1.05rem; }
table { border-collapse: collapse; width: 100%; margin: 0.5rem 0; } th, td { border: 1px solid #bbb; padding: 0.3rem 0.5rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { background: #f2f2f2; } ul { margin: 0.25rem 0 0.75rem; } li, p { overflow-wrap: anywhere; }
.label { margin: 0.5rem 0 0; font-weight: 600; } .open { color: #8a1f11; }
@media print { body { font-size: 11px; margin: 0; max-width: none; } h2, h3 { break-after: avoid; } tr, li { break-inside: avoid; } thead { display: table-header-group; } }
`;

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return `<h${block.level}>${escaped(block.text)}</h${block.level}>`;
    case 'text':
      return `<p>${escaped(block.text)}</p>`;
    case 'list': {
      const mark = block.open === true ? ' open' : '';
      const label = block.label === undefined ? '' : `<p class="label${mark}">${escaped(block.label)}</p>\n`;
      const items = block.items.map(item => `<li>${escaped(item)}</li>`).join('\n');
      return `${label}<ul class="items${mark}">\n${items}\n</ul>`;
    }
    case 'table': {
      const head = block.head.map(cell => `<th scope="col">${escaped(cell)}</th>`).join('');
      const rows = block.rows.map(
        cells => `<tr>${cells.map(cell => `<td>${escaped(cell)}</td>`).join('')}</tr>`,
      );
      return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${rows.join('\n')}\n</tbody>\n</table>`;
    }
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** @see HTML Standard, 13.3 Serializing HTML fragments; both quotes, so that it holds in attributes too */
function escaped(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/\p{C}/gu, '')
    .replace(/[&<>"']/g, mark => ENTITIES[mark] ?? '');
}
