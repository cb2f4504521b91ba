/** A line of the last readings; what it says in words stands in its row's details. */
export function Sparkline({ values }: { values: readonly number[] }) {
  if (values.length < 2) return <svg class="spark" viewBox="0 0 72 20" aria-hidden="true" />;
  let low = Math.min(...values);
  let high = Math.max(...values);
  // A line that hardly moves is to look as if it hardly moved.
  const least = Math.abs(high) * 0.05 || 1;
  if (high - low < least) [low, high] = [(low + high - least) / 2, (low + high + least) / 2];
  const points = values.map((value, i) => `${((i / (values.length - 1)) * 70 + 1).toFixed(1)},${(18 - ((value - low) / (high - low)) * 16).toFixed(1)}`);
  return (
    <svg class="spark" viewBox="0 0 72 20" aria-hidden="true">
      <polyline points={points.join(' ')} />
    </svg>
  );
}
