// A chart of bars as an SVG that reads on light and on dark ground.
const WIDTH = 760;
const LABEL = 170;
const BAR = 16;
const GAP = 5;
const OWN = '#2f6feb';
const OTHER = '#9aa4b2';

/** One block of bars for each state, of the universe that was measured and lies nearest to 600 packages. */
export function chart(rows, titles) {
  const sizes = [...new Set(rows.map(({ packages }) => packages))].filter(size => size > 0);
  const size = sizes.sort((a, b) => Math.abs(a - 600) - Math.abs(b - 600))[0];
  const blocks = [];
  for (const [state, title] of Object.entries(titles)) {
    for (const delay of [...new Set(rows.map(row => row.delay))]) {
      const members = rows.filter(
        row => row.state === state && row.delay === delay && [0, size].includes(row.packages),
      );
      const distance = delay > 0 ? `, ${delay} ms a request` : '';
      if (members.length > 0) blocks.push({ title: `${title.replaceAll('`', '')}${distance}`, members });
    }
  }
  let top = 30;
  const parts = blocks.map(({ title, members }) => {
    const block = bars({ title, members, top });
    top += 34 + members.length * (BAR + GAP);
    return block;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="Time of prompd and other package managers">
<style>text { fill: #57606a } .title { font-weight: 600 } @media (prefers-color-scheme: dark) { text { fill: #c9d1d9 } }</style>
<text x="8" y="18">${size === undefined ? '' : `${size.toLocaleString('en')} packages, `}milliseconds, shorter is better</text>
${parts.join('\n')}
</svg>
`;
}

function bars({ title, members, top }) {
  const longest = Math.max(...members.map(({ wall }) => wall));
  const lines = members.map(({ client, wall }, at) => {
    const y = top + 26 + at * (BAR + GAP);
    const width = Math.max(1, (wall / longest) * (WIDTH - LABEL - 90));
    const colour = client.startsWith('prompd') ? OWN : OTHER;
    return [
      `<text x="${LABEL - 8}" y="${y + 12}" text-anchor="end">${client}</text>`,
      `<rect x="${LABEL}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="2" fill="${colour}"/>`,
      `<text x="${LABEL + width + 6}" y="${y + 12}">${Math.round(wall).toLocaleString('en')}</text>`,
    ].join('');
  });
  return `<text class="title" x="8" y="${top + 16}">${title}</text>\n${lines.join('\n')}`;
}
