import { signal } from '@preact/signals';

export const campaignPages = ['live', 'experiment', 'inbox', 'insights', 'history', 'edit'] as const;
export type CampaignPage = (typeof campaignPages)[number];

export type Route =
  | { readonly page: 'campaigns' | 'operations' | 'new' | 'missing' }
  | { readonly page: CampaignPage; readonly campaign: string };

/** Reads the address after the hash, such as `#/campaigns/spring/inbox`. */
export function parse(hash: string): Route {
  const parts = hash.replace(/^#\/?/, '').split('?')[0]!.split('/').filter(Boolean);
  if (parts.length === 0) return { page: 'campaigns' };
  if (parts[0] === 'operations' && parts.length === 1) return { page: 'operations' };
  if (parts[0] === 'new' && parts.length === 1) return { page: 'new' };
  if (parts[0] !== 'campaigns' || parts.length > 3) return { page: 'missing' };
  const campaign = parts[1];
  if (campaign === undefined) return { page: 'campaigns' };
  if (!/^[a-z0-9-]{1,64}$/.test(campaign)) return { page: 'missing' };
  const page = (parts[2] ?? 'live') as CampaignPage;
  return campaignPages.includes(page) ? { page, campaign } : { page: 'missing' };
}

export function href(route: Route): string {
  if ('campaign' in route) return `#/campaigns/${route.campaign}${route.page === 'live' ? '' : `/${route.page}`}`;
  return route.page === 'campaigns' ? '#/campaigns' : `#/${route.page}`;
}

export const route = signal<Route>(parse(location.hash));
window.addEventListener('hashchange', () => {
  route.value = parse(location.hash);
});

export function go(to: Route): void {
  location.hash = href(to);
}
