import type { Content, Proposal } from '../api/types';

/** What a form shows of a content: its text, or its address and alternative text; any other as JSON. */
export type Draft = Readonly<Record<string, string>>;

export function draftOf(content: Content): Draft {
  if (typeof content.text === 'string') return { text: content.text };
  if (typeof content.url === 'string') return { url: content.url, alt: typeof content.alt === 'string' ? content.alt : '' };
  return { json: JSON.stringify(content, null, 2) };
}

/** The content with what was written in it; members that the form does not show stay. Throws a SyntaxError where the JSON is malformed. */
export function contentOf(before: Content, draft: Draft): Content {
  if ('json' in draft) return JSON.parse(draft.json!) as Content;
  const content: Content = { ...before, ...draft };
  if (content.alt === '') delete content.alt;
  return content;
}

/** Whether the engine takes the decision on a proposal back: an approval until its trial is over, a rejection always. */
export function isUndoable(proposal: Proposal): boolean {
  return proposal.status === 'rejected' || (proposal.status === 'live' && !proposal.outcome);
}
