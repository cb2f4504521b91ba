/** A share of a whole, with a dashed line where an even share lies. The figure stands beside it, so it says nothing by itself. */
export function ShareBar({ share, even, most }: { share: number; even: number; most: number }) {
  const x = (value: number) => (100 * value) / (most || 1);
  return (
    <svg class="share-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
      <rect class="all" width="100" height="8" />
      <rect class="part" width={x(share)} height="8" />
      <line x1={x(even)} x2={x(even)} y1="0" y2="8" />
    </svg>
  );
}
