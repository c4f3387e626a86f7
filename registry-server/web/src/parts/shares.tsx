/** How a number is made up, the largest part first: a bar and its figure in each row. */
export function Shares({ title, rows }: { title: string; rows: readonly (readonly [string, number])[] }) {
  const total = rows.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return null;
  return (
    <table className="shares">
      <caption>{title}</caption>
      <tbody>
        {rows.map(([label, count]) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td>
              <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                <rect width={(count / total) * 100} height={8} />
              </svg>
            </td>
            <td>{`${count.toLocaleString()} (${Math.round((count / total) * 100)}%)`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
