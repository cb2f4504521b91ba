import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api/client';
import { watch } from '../api/stream';
import type { CampaignOverview, Cluster, Overview } from '../api/types';
import { useEvery } from '../api/useTick';
import { merged } from '../campaigns/overview';
import { ShareBar } from '../charts/ShareBar';
import { count, dateTime, decimal, duration, percent, t } from '../i18n';
import { href } from '../shell/router';
import { paused } from '../shell/settings';
import { Icon, type IconName } from '../ui/icons';
import { Badge, ChartOrTable, Failed, Skeleton, useLoaded, type Tone } from '../ui/parts';
import { busiestOf, ledgerOf, loadsOf, unaccounted, type SiloLoad } from './balance';
import { Webhooks } from './Webhooks';

const looks: Record<string, readonly [IconName, Tone]> = { ready: ['check', 'good'], starting: ['learning', 'accent'], degraded: ['warning', 'warn'], stopping: ['stop', 'quiet'] };
const siloLooks: Record<string, readonly [IconName, Tone]> = { active: ['live', 'good'], joining: ['learning', 'accent'], created: ['learning', 'accent'], dead: ['close', 'bad'], shuttingDown: ['stop', 'quiet'], stopping: ['stop', 'quiet'] };
const everyMs = 2_000;
const mostCampaigns = 10;

/** The cluster for who operates it: silos, partitions, rates, the ledger, how old what is served is. */
export function Operations() {
  const found = useLoaded('', api.cluster, useEvery(everyMs));
  const campaigns = useOverview();
  if (found.error && !found.value) return <Failed error={found.error} retry={found.reload} />;
  if (!found.value) return <Skeleton lines={9} />;
  const cluster = found.value;
  const words = t().operations;
  const [icon, tone] = looks[cluster.status] ?? ['info', 'quiet'];
  const here = cluster.silos.find((silo) => silo.isThis);
  return (
    <div class="operations">
      <div class="page-head">
        <h1>{t().nav.operations}</h1>
        <Badge tone={tone} icon={icon}>
          {words.status[cluster.status] ?? cluster.status}
        </Badge>
        {cluster.demo && (
          <span class="demo-badge" title={t().demoLong}>
            {t().demo}
            <span class="unseen">: {t().demoLong}</span>
          </span>
        )}
        <span class="quiet">{`${here ? `${words.seenBy(here.address)} · ` : ''}${words.version(cluster.version)}`}</span>
        <span class="spring" />
        <Out to={cluster.links.grafana} text={words.grafana} />
        <Out to={cluster.links.orleans} text={words.orleans} />
      </div>
      {cluster.degraded && (
        <p class="note warn" role="alert">
          <Icon name="warning" /> {words.degraded(cluster.degraded)}
        </p>
      )}
      <Rates cluster={cluster} />
      <div class="boards">
        <Silos cluster={cluster} />
        <LedgerBoard cluster={cluster} />
      </div>
      <Partitions cluster={cluster} />
      <Policies {...campaigns} />
      <Webhooks />
    </div>
  );
}

/** The campaigns as they change, and when they were last told. */
function useOverview() {
  const [seen, setSeen] = useState<{ asOf: number; campaigns: readonly CampaignOverview[] }>({ asOf: 0, campaigns: [] });
  const current = useRef<ReadonlyMap<string, CampaignOverview>>(new Map());
  useEffect(
    () =>
      watch('/v1/overview/stream', (name, data) => {
        if (name !== 'overview') return;
        const news = JSON.parse(data) as Overview;
        current.current = merged(current.current, news);
        if (!paused.value) setSeen({ asOf: Date.parse(news.asOf), campaigns: [...current.current.values()] });
      }),
    [],
  );
  return seen;
}

function Out({ to, text }: { to: string | null; text: string }) {
  if (to === null) return null;
  return (
    <a class="button" href={to} target="_blank" rel="noopener noreferrer">
      {text}
      <Icon name="out" />
      <span class="unseen">({t().operations.opensApart})</span>
    </a>
  );
}

function Rates({ cluster }: { cluster: Cluster }) {
  const words = t().operations;
  const rate = (value: number) => decimal(value, value < 10 ? 1 : 0);
  const asOf = Date.parse(cluster.asOf);
  return (
    <dl class="totals">
      <div>
        <dt>{words.decisionsRate}</dt>
        <dd>{rate(cluster.decisionsPerSecond)}</dd>
      </div>
      <div>
        <dt>{words.signalsRate}</dt>
        <dd>{rate(cluster.signalsPerSecond)}</dd>
      </div>
      <div>
        <dt>{words.backlog}</dt>
        <dd>{count(cluster.backlog)}</dd>
        <dd class="sub">{words.backlogOf(count(cluster.backlogLimit))}</dd>
      </div>
      <div>
        <dt>{words.oldestPolicy}</dt>
        <dd>{cluster.oldestPolicyAt === null ? words.noTraffic : duration(asOf - Date.parse(cluster.oldestPolicyAt))}</dd>
      </div>
      <div>
        <dt>{t().nav.campaigns}</dt>
        <dd>{count(cluster.campaigns)}</dd>
      </div>
      <div>
        <dt>{words.up}</dt>
        <dd>{duration(cluster.uptimeSeconds * 1_000)}</dd>
        <dd class="sub">{dateTime(cluster.startedAt)}</dd>
      </div>
    </dl>
  );
}

function Silos({ cluster }: { cluster: Cluster }) {
  const words = t().operations;
  const loads = loadsOf(cluster.partitions);
  const numbers = [...loads.values()].map((load) => load.partitions);
  const even = loads.size === 0 ? 0 : 1 / loads.size;
  const most = Math.max(even, ...[...loads.values()].map((load) => load.share));
  return (
    <section class="board" aria-label={words.silos}>
      <header class="board-head">
        <h2>{words.silos}</h2>
        {loads.size > 1 && <span class="quiet">{words.spread(Math.min(...numbers), Math.max(...numbers))}</span>}
      </header>
      {cluster.silos.length === 0 ? (
        <p class="note warn">{words.noSilos}</p>
      ) : (
        <div class="scroller" tabIndex={0} role="group" aria-label={words.silos}>
          <table>
            <thead>
              <tr>
                <th scope="col">{words.address}</th>
                <th scope="col">{words.state}</th>
                <th scope="col">{words.since}</th>
                <th scope="col" class="number">{words.partitions}</th>
                <th scope="col" class="load">{words.share}</th>
              </tr>
            </thead>
            <tbody>
              {cluster.silos.map((silo) => (
                <Silo key={`${silo.address}/${silo.since}`} silo={silo} load={loads.get(silo.address)} even={even} most={most} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Silo({ silo, load, even, most }: { silo: Cluster['silos'][number]; load: SiloLoad | undefined; even: number; most: number }) {
  const words = t().operations;
  const [icon, tone] = siloLooks[silo.status] ?? ['info', 'quiet'];
  const mine = silo.status === 'dead' ? undefined : load;
  return (
    <tr>
      <th scope="row">
        {silo.address}
        {silo.isThis && <small>{words.this}</small>}
      </th>
      <td>
        <Badge tone={tone} icon={icon}>
          {words.siloStates[silo.status] ?? silo.status}
        </Badge>
      </td>
      <td class="nowrap">{dateTime(silo.since)}</td>
      <td class="number">{mine ? count(mine.partitions) : '–'}</td>
      <td class="load">
        {mine && (
          <span class="share-and-figure">
            <ShareBar share={mine.share} even={even} most={most} />
            {percent(mine.share, 1)}
          </span>
        )}
      </td>
    </tr>
  );
}

function LedgerBoard({ cluster }: { cluster: Cluster }) {
  const words = t().operations;
  const ledger = ledgerOf(cluster.partitions);
  const off = unaccounted(ledger);
  return (
    <section class="board" aria-label={words.ledger}>
      <header class="board-head">
        <h2>{words.ledger}</h2>
        <Badge tone={off === 0 ? 'good' : 'bad'} icon={off === 0 ? 'check' : 'warning'}>
          {off === 0 ? words.balances : words.off(count(off))}
        </Badge>
      </header>
      <p class="help">{words.ledgerHelp}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.outcome}</th>
            <th scope="col" class="number">{words.signals}</th>
            <th scope="col" class="number">{words.ofAccepted}</th>
          </tr>
        </thead>
        <tbody>
          {(['accepted', 'counted', 'duplicate', 'late', 'quarantined'] as const).map((name) => (
            <tr key={name}>
              <th scope="row">{words.outcomes[name]}</th>
              <td class="number">{count(ledger[name])}</td>
              <td class="number">{ledger.accepted === 0 ? '–' : percent(ledger[name] / ledger.accepted, 1)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Partitions({ cluster }: { cluster: Cluster }) {
  const words = t().operations;
  const { partitions } = cluster;
  const all = ledgerOf(partitions).accepted;
  const busiest = busiestOf(partitions);
  const even = 1 / partitions.length;
  const shareOf = (accepted: number) => (all === 0 ? 0 : accepted / all);
  const most = Math.max(even, ...partitions.map((each) => shareOf(each.ledger.accepted)));
  return (
    <section class="board" aria-label={words.partitions}>
      <h2>{words.partitions}</h2>
      <p class="help">{busiest ? words.busiest(busiest.number, decimal(busiest.times, 1)) : words.quiet}</p>
      <ChartOrTable
        chart={
          <ol class="partitions">
            {partitions.map((each) => (
              <li key={each.number}>
                <span>
                  <b>{each.number}</b> <span class="figures">{percent(shareOf(each.ledger.accepted), 1)}</span>
                </span>
                <ShareBar share={shareOf(each.ledger.accepted)} even={even} most={most} />
                <small title={each.silo ?? undefined}>{each.silo ?? words.nobody}</small>
                <small>{words.segments(each.segments)}</small>
              </li>
            ))}
          </ol>
        }
        table={
          <div class="scroller" tabIndex={0} role="group" aria-label={words.partitions}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{words.number}</th>
                  <th scope="col">{words.owner}</th>
                  <th scope="col" class="number">{words.segmentCount}</th>
                  {(['accepted', 'counted', 'duplicate', 'late', 'quarantined'] as const).map((name) => (
                    <th key={name} scope="col" class="number">
                      {words.outcomes[name]}
                    </th>
                  ))}
                  <th scope="col" class="number">{words.share}</th>
                </tr>
              </thead>
              <tbody>
                {partitions.map((each) => (
                  <tr key={each.number}>
                    <th scope="row">{each.number}</th>
                    <td>{each.silo ?? words.nobody}</td>
                    <td class="number">{count(each.segments)}</td>
                    {(['accepted', 'counted', 'duplicate', 'late', 'quarantined'] as const).map((name) => (
                      <td key={name} class="number">
                        {count(each.ledger[name])}
                      </td>
                    ))}
                    <td class="number">{percent(shareOf(each.ledger.accepted), 1)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        }
      />
    </section>
  );
}

function Policies({ asOf, campaigns }: { asOf: number; campaigns: readonly CampaignOverview[] }) {
  const words = t().operations;
  const busy = campaigns.filter((each) => each.decisionsPerSecond > 0 && each.policyAt).sort((a, b) => (a.policyAt! < b.policyAt! ? -1 : 1));
  return (
    <section class="board" aria-label={words.policies}>
      <h2>{words.policies}</h2>
      <p class="help">{words.policiesHelp}</p>
      {busy.length === 0 ? (
        <p class="quiet">{words.noTraffic}</p>
      ) : (
        <div class="scroller" tabIndex={0} role="group" aria-label={words.policies}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t().nav.campaign}</th>
                <th scope="col" class="number">{words.decisionsRate}</th>
                <th scope="col" class="number">{words.age}</th>
                <th scope="col">{words.state}</th>
              </tr>
            </thead>
            <tbody>
              {busy.slice(0, mostCampaigns).map((each) => (
                <tr key={each.id}>
                  <th scope="row">
                    <a href={href({ page: 'live', campaign: each.id })}>{each.name}</a>
                  </th>
                  <td class="number">{decimal(each.decisionsPerSecond, each.decisionsPerSecond < 10 ? 1 : 0)}</td>
                  <td class="number">{duration(Math.max(0, asOf - Date.parse(each.policyAt!)))}</td>
                  <td>
                    {each.problems.length === 0 ? (
                      <Badge tone="good" icon="check">
                        {words.current}
                      </Badge>
                    ) : (
                      each.problems.map((problem) => (
                        <Badge key={problem} tone="warn" icon="warning">
                          {t().campaigns.problems[problem] ?? problem}
                        </Badge>
                      ))
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
