import { useEffect, useRef, useState } from 'preact/hooks';
import { watch } from '../api/stream';
import type { CampaignOverview, Overview } from '../api/types';
import { count, decimal, signed, t } from '../i18n';
import { IntervalBar } from '../charts/IntervalBar';
import { go, href } from '../shell/router';
import { paused } from '../shell/settings';
import { Icon, type IconName } from '../ui/icons';
import { Badge, Empty, Skeleton, type Tone } from '../ui/parts';
import { say } from '../ui/toasts';
import { imported } from './imported';
import { merged } from './overview';

const verdicts: Record<string, readonly [IconName, Tone]> = { winning: ['winning', 'good'], losing: ['losing', 'bad'], unhealthy: ['warning', 'warn'], learning: ['learning', 'accent'] };

/** All campaigns at a glance, as they change. */
export function Campaigns() {
  const [seen, setSeen] = useState<ReadonlyMap<string, CampaignOverview>>();
  const current = useRef<ReadonlyMap<string, CampaignOverview>>(new Map());
  useEffect(() => {
    const close = watch('/v1/overview/stream', (name, data) => {
      if (name !== 'overview') return;
      current.current = merged(current.current, JSON.parse(data) as Overview);
      if (!paused.value) setSeen(current.current);
    });
    const release = paused.subscribe((on) => !on && current.current.size > 0 && setSeen(current.current));
    return () => {
      close();
      release();
    };
  }, []);
  if (!seen) return <Skeleton />;
  const words = t().campaigns;
  return (
    <>
      <div class="page-head">
        <h1>{t().nav.campaigns}</h1>
        <span class="spring" />
        <Importer />
        <a class="button" href={href({ page: 'new' })}>
          <Icon name="plus" />
          {t().nav.new}
        </a>
      </div>
      {seen.size === 0 ? (
        <Empty title={words.empty} text={words.emptyText} />
      ) : (
        <ul class="cards">
          {[...seen.values()].map((each) => (
            <Card key={each.id} seen={each} />
          ))}
        </ul>
      )}
    </>
  );
}

function Card({ seen }: { seen: CampaignOverview }) {
  const words = t().campaigns;
  const [icon, tone] = verdicts[seen.verdict] ?? ['learning', 'accent'];
  return (
    <li class="card">
      <header>
        <h2>
          <a href={href({ page: 'live', campaign: seen.id })}>{seen.name}</a>
        </h2>
        <span class="badges">
          {seen.simulation && <span class="demo-badge">{t().demo}</span>}
          <Badge tone={seen.status === 'live' ? 'good' : 'quiet'} icon={seen.status === 'live' ? 'live' : 'pause'}>
            {t().status[seen.status] ?? seen.status}
          </Badge>
        </span>
      </header>
      <dl>
        <div>
          <dt>{t().experiment.lift}</dt>
          <dd>{seen.lift ? signed(seen.lift.mean, 1) : t().experiment.noLift}</dd>
        </div>
        <div>
          <dt>{words.verdict}</dt>
          <dd>
            <Badge tone={tone} icon={icon}>
              {t().experiment.verdicts[seen.verdict]}
            </Badge>
          </dd>
        </div>
        <div>
          <dt>{words.traffic}</dt>
          <dd>{words.perSecond(decimal(seen.decisionsPerSecond, seen.decisionsPerSecond < 10 ? 1 : 0))}</dd>
        </div>
        <div>
          <dt>{t().impressions}</dt>
          <dd>{count(seen.impressions)}</dd>
        </div>
      </dl>
      <div class="lift-bar">
        {seen.lift && (
          <>
            <IntervalBar {...seen.lift} from={-1} to={1} zero={0} tone={tone} />
            <small>{`${signed(seen.lift.low, 1)} ${t().to} ${signed(seen.lift.high, 1)}`}</small>
          </>
        )}
      </div>
      {(seen.problems.length > 0 || seen.agentsStopped) && (
        <p class="problems">
          {seen.problems.map((problem) => (
            <Badge key={problem} tone="warn" icon="warning">
              {words.problems[problem] ?? problem}
            </Badge>
          ))}
          {seen.agentsStopped && (
            <Badge tone="quiet" icon="stop">
              {words.agentsStopped}
            </Badge>
          )}
        </p>
      )}
      <p class="awaits">
        {seen.awaiting > 0 ? <a href={href({ page: 'inbox', campaign: seen.id })}>{words.awaits(seen.awaiting)}</a> : <span class="quiet">{words.awaitsNothing}</span>}
      </p>
    </li>
  );
}

/** Takes the JSON of a campaign from a file to the form, where it is looked at and put. */
function Importer() {
  const take = async (file: File | undefined) => {
    if (!file) return;
    try {
      const { id, ...document } = JSON.parse(await file.text()) as Record<string, unknown>;
      imported.value = { id: typeof id === 'string' ? id : file.name.replace(/\.json$/, ''), text: JSON.stringify(document, null, 2) };
      go({ page: 'new' });
    } catch {
      say(t().campaigns.notJson(file.name), { isBad: true });
    }
  };
  return (
    <label class="button file-button">
      {t().campaigns.import}
      <input class="unseen" type="file" accept="application/json,.json" onChange={(event) => void take(event.currentTarget.files?.[0])} />
    </label>
  );
}
