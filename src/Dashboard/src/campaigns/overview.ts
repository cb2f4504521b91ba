import type { CampaignOverview, Overview } from '../api/types';

/** What is known of the campaigns with an event of the overview's stream taken in, by id. */
export function merged(known: ReadonlyMap<string, CampaignOverview>, news: Overview): ReadonlyMap<string, CampaignOverview> {
  const next = new Map(known);
  for (const campaign of news.campaigns) next.set(campaign.id, campaign);
  for (const id of news.removed) next.delete(id);
  return new Map([...next].sort(([a], [b]) => (a < b ? -1 : 1)));
}
