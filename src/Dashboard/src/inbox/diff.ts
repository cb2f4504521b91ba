export interface Piece {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** Longer texts than this many words are shown whole rather than compared. */
const mostWords = 400;

/** What to take out of `before` and put in to come to `after`, by words; spaces belong to the word before them. */
export function diff(before: string, after: string): Piece[] {
  const a = words(before);
  const b = words(after);
  if (a.length > mostWords || b.length > mostWords) return join([{ kind: 'removed', text: before }, { kind: 'added', text: after }]);
  // The length of the longest common run of words, from (i, j) on.
  const common = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) common[i]![j] = same(a[i]!, b[j]!) ? common[i + 1]![j + 1]! + 1 : Math.max(common[i + 1]![j]!, common[i]![j + 1]!);
  const pieces: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (same(a[i]!, b[j]!)) {
      pieces.push({ kind: 'same', text: b[j]! });
      i++;
      j++;
    } else if (common[i + 1]![j]! >= common[i]![j + 1]!) pieces.push({ kind: 'removed', text: a[i++]! });
    else pieces.push({ kind: 'added', text: b[j++]! });
  }
  while (i < a.length) pieces.push({ kind: 'removed', text: a[i++]! });
  while (j < b.length) pieces.push({ kind: 'added', text: b[j++]! });
  return join(pieces);
}

function words(text: string): string[] {
  return text.match(/\S+\s*/g) ?? [];
}

function same(a: string, b: string): boolean {
  return a.trimEnd() === b.trimEnd();
}

function join(pieces: readonly Piece[]): Piece[] {
  const joined: Piece[] = [];
  for (const piece of pieces) {
    if (piece.text === '') continue;
    const last = joined.at(-1);
    if (last?.kind === piece.kind) joined[joined.length - 1] = { kind: piece.kind, text: last.text + piece.text };
    else joined.push(piece);
  }
  return joined;
}
