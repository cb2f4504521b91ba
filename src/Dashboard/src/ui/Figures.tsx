import { count, decimal, t } from '../i18n';

/** A table of figures with their intervals and what they stand on. */
export function Figures({ figures }: { figures: readonly { name: string; value: number; low?: number; high?: number; n?: number }[] }) {
  const words = t().inbox;
  return (
    <table class="figures-table">
      <thead>
        <tr>
          <th scope="col">{words.figure}</th>
          <th scope="col" class="number">
            {words.value}
          </th>
          <th scope="col" class="number">
            {words.interval}
          </th>
          <th scope="col" class="number">
            {words.n}
          </th>
        </tr>
      </thead>
      <tbody>
        {figures.map((figure, i) => (
          <tr key={i}>
            <th scope="row">{figure.name}</th>
            <td class="number">{plain(figure.value)}</td>
            <td class="number">{figure.low === undefined || figure.high === undefined ? '–' : `${plain(figure.low)} – ${plain(figure.high)}`}</td>
            <td class="number">{figure.n === undefined ? '–' : count(figure.n)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function plain(value: number): string {
  const size = Math.abs(value);
  return size >= 1_000 ? count(value) : decimal(value, size >= 10 ? 1 : size >= 1 ? 2 : 4);
}
