import { signal } from '@preact/signals';
import type { Campaign, Cluster, Content, Experiment, HistoryEntry, Insights, ModuleList, PolicyCheckpoints, PolicyRollback, Problem, Proposal, Scores, Session, Trends, Webhook } from './types';

/** What the engine refused, or that it could not be reached (status 0). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly fields: Readonly<Record<string, string[]>> = {},
  ) {
    super(message);
  }
}

/** How often the engine has asked for a credential that it was not given. */
export const refused = signal(0);

const patienceMs = 15_000;
/** Entries of a history that are asked for at once. */
export const historyPage = 1_000;

/** Asks the engine; answers its JSON, or undefined where it has none. Throws an ApiError. */
export async function call<T>(method: string, path: string, body?: unknown, options: { signal?: AbortSignal; keepalive?: boolean } = {}): Promise<T> {
  const patience = AbortSignal.timeout(patienceMs);
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: body === undefined ? { accept: 'application/json' } : { accept: 'application/json', 'content-type': 'application/json' },
      signal: options.signal ? AbortSignal.any([options.signal, patience]) : patience,
      keepalive: options.keepalive,
      cache: 'no-store',
    });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new ApiError(0, '');
  }
  const text = await response.text().catch(() => '');
  const json: unknown = text && /json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : undefined;
  if (response.ok) return json as T;
  if (response.status === 401) refused.value++;
  const problem = json as Problem | undefined;
  throw new ApiError(response.status, problem?.detail ?? problem?.title ?? `HTTP ${response.status}`, problem?.errors ?? {});
}

/** What a history is narrowed to; a member that is empty asks for all. */
export interface HistoryFilter {
  readonly kind: string;
  readonly actor: string;
  readonly slot: string;
  readonly module: string;
  readonly from: string;
  readonly to: string;
}

/** The address of a campaign's history: a page of it, or with `format` all of it as a file. */
export function historyPath(campaign: string, filter: HistoryFilter, rest: { limit?: number; before?: number; format?: 'csv' | 'json' }): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...filter, ...rest })) if (value !== undefined && value !== '') query.set(name, String(value));
  return `${at(campaign)}/history${query.size > 0 ? `?${query}` : ''}`;
}

const at = (campaign: string) => `/v1/campaigns/${encodeURIComponent(campaign)}`;

export const api = {
  campaign: (id: string, signal?: AbortSignal) => call<Campaign>('GET', at(id), undefined, { signal }),
  put: (id: string, campaign: unknown) => call<Campaign>('PUT', at(id), campaign),
  setStatus: (id: string, status: string) => call<Campaign>('PATCH', at(id), { status }),
  remove: (id: string) => call<void>('DELETE', at(id)),
  session: () => call<Session>('GET', '/v1/session'),
  signIn: (key: string) => call<Session>('POST', '/v1/session', { key }),
  signOut: () => call<void>('DELETE', '/v1/session'),
  cluster: (signal?: AbortSignal) => call<Cluster>('GET', '/v1/cluster', undefined, { signal }),
  modules: (id: string, signal?: AbortSignal) => call<ModuleList>('GET', `${at(id)}/modules`, undefined, { signal }),
  trends: (id: string, query: Record<string, string>, signal?: AbortSignal) => call<Trends>('GET', `${at(id)}/trends?${new URLSearchParams(query)}`, undefined, { signal }),
  scores: (id: string, signal?: AbortSignal) => call<Scores>('GET', `${at(id)}/scores`, undefined, { signal }),
  experiment: (id: string, language: string, signal?: AbortSignal) => call<Experiment>('GET', `${at(id)}/experiment?language=${language}`, undefined, { signal }),
  insights: (id: string, language: string, signal?: AbortSignal) => call<Insights>('GET', `${at(id)}/insights?language=${language}`, undefined, { signal }),
  proposals: (id: string, signal?: AbortSignal) => call<{ proposals: Proposal[] }>('GET', `${at(id)}/proposals`, undefined, { signal }).then((all) => all.proposals),
  decide: (id: string, proposal: string, verb: 'approve' | 'reject' | 'revise', comment: string, revision: number | undefined, keepalive = false) =>
    call<Proposal>('POST', `${at(id)}/proposals/${proposal}/${verb}`, { comment: comment || undefined, revision: verb === 'approve' ? revision : undefined }, { keepalive }),
  edit: (id: string, proposal: string, content: Content, attributes: Readonly<Record<string, string>> | undefined, comment: string) =>
    call<Proposal>('POST', `${at(id)}/proposals/${proposal}/edit`, { content, attributes, comment: comment || undefined }),
  undo: (id: string, proposal: string) => call<Proposal>('POST', `${at(id)}/proposals/${proposal}/undo`, {}),
  refresh: (id: string, slot: string) => call<{ request: string }>('POST', `${at(id)}/slots/${slot}/refresh`),
  stand: (id: string, slot: string, module: string, verb: 'stop' | 'resume' | 'pin' | 'unpin') => call<{ state: string }>('POST', `${at(id)}/slots/${slot}/modules/${module}/${verb}`),
  agents: (id: string, verb: 'stop' | 'resume') => call<{ state: string }>('POST', `${at(id)}/agents/${verb}`),
  checkpoints: (id: string, signal?: AbortSignal) => call<PolicyCheckpoints>('GET', `${at(id)}/policy/checkpoints`, undefined, { signal }),
  rollBack: (id: string, to: string, segment: string | undefined) => call<PolicyRollback>('POST', `${at(id)}/policy/rollback`, { to, segment }),
  webhooks: (signal?: AbortSignal) => call<{ webhooks: Webhook[] }>('GET', '/v1/webhooks', undefined, { signal }).then((all) => all.webhooks),
  replay: (webhook: string) => call<{ replayed: number }>('POST', `/v1/webhooks/${encodeURIComponent(webhook)}/replay`),
  history: (id: string, filter: HistoryFilter, before?: number, signal?: AbortSignal) =>
    call<{ entries: HistoryEntry[] }>('GET', historyPath(id, filter, { limit: historyPage, before }), undefined, { signal }).then((all) => all.entries),
};
