/** An interval on a scale from `from` to `to`, its mean as a line, and a mark where `zero` lies. The figures stand beside it, so it says nothing by itself. */
export function IntervalBar({ low, mean, high, from, to, zero, tone = '' }: { low: number; mean: number; high: number; from: number; to: number; zero: number; tone?: string }) {
  const x = (value: number) => (100 * (Math.min(Math.max(value, from), to) - from)) / (to - from || 1);
  return (
    <svg class={`interval ${tone}`} viewBox="0 0 100 16" preserveAspectRatio="none" aria-hidden="true">
      <line class="zero" x1={x(zero)} x2={x(zero)} y1="0" y2="16" />
      <rect class="range" x={x(low)} width={Math.max(0.8, x(high) - x(low))} y="5" height="6" />
      <line class="mean" x1={x(mean)} x2={x(mean)} y1="2" y2="14" />
    </svg>
  );
}
