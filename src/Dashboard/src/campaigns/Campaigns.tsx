import { useEffect, useState } from 'preact/hooks';
import { api } from '../api/client';
import type { CampaignListing, Experiment, Proposal } from '../api/types';
import { count, percent, signed, t } from '../i18n';
import { IntervalBar } from '../charts/IntervalBar';
import { go, href } from '../shell/router';
import { language, paused } from '../shell/settings';
import { Icon, type IconName } from '../ui/icons';
import { Badge, Empty, Failed, messageOf, Skeleton, useLoaded, type Tone } from '../ui/parts';
import { say } from '../ui/toasts';
import { imported } from './imported';

const verdicts: Record<string, readonly [IconName, Tone]> = { winning: ['winning', 'good'], losing: ['losing', 'bad'], unhealthy: ['warning', 'warn'], learning: ['learning', 'accent'] };

interface Seen {
  readonly listing: CampaignListing;
  readonly experiment?: Experiment;
  readonly proposals: readonly Proposal[];
}

/** Asked for in full at once; the campaigns beyond show their names and status. */
const mostAtOnce = 50;

async function loadAll(signal: AbortSignal): Promise<Seen[]> {
  const listings = await api.campaigns(signal);
  return Promise.all(
    listings.map(async (listing, i) => {
      if (i >= mostAtOnce) return { listing, proposals: [] };
      const [experiment, proposals] = await Promise.all([api.experiment(listing.id, language.value, signal), api.proposals(listing.id, signal)]);
      return { listing, experiment, proposals };
    }),
  );
}

const everyMs = 4_000;

/** All campaigns at a glance. */
export function Campaigns() {
  const [tick, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => !paused.value && !document.hidden && setTick((n) => n + 1), everyMs);
    return () => clearInterval(timer);
  }, []);
  const found = useLoaded(language.value, loadAll, tick);
  if (found.error && !found.value) return <Failed error={found.error} retry={found.reload} />;
  if (!found.value) return <Skeleton />;
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
      {found.error !== undefined && <p class="note warn">{messageOf(found.error)}</p>}
      {found.value.length === 0 ? (
        <Empty title={words.empty} text={words.emptyText} />
      ) : (
        <ul class="cards">
          {found.value.map((each) => (
            <Card key={each.listing.id} seen={each} />
          ))}
        </ul>
      )}
    </>
  );
}

function Card({ seen: { listing, experiment, proposals } }: { seen: Seen }) {
  const words = t().campaigns;
  const overall = experiment?.overall;
  const pending = proposals.filter((each) => each.status === 'pending').length;
  const [icon, tone] = verdicts[overall?.verdict ?? 'learning'] ?? ['learning', 'accent'];
  return (
    <li class="card">
      <header>
        <h2>
          <a href={href({ page: 'live', campaign: listing.id })}>{listing.name}</a>
        </h2>
        <span class="badges">
          {listing.simulation && <span class="demo-badge">{t().demo}</span>}
          <Badge tone={listing.status === 'live' ? 'good' : 'quiet'} icon={listing.status === 'live' ? 'live' : 'pause'}>
            {t().status[listing.status] ?? listing.status}
          </Badge>
        </span>
      </header>
      {overall && (
        <dl>
          <div>
            <dt>{t().experiment.lift}</dt>
            <dd>{overall.lift ? signed(overall.lift.mean, 1) : t().experiment.noLift}</dd>
          </div>
          <div>
            <dt>{words.verdict}</dt>
            <dd>
              <Badge tone={tone} icon={icon}>
                {t().experiment.verdicts[overall.verdict]}
              </Badge>
            </dd>
          </div>
          <div>
            <dt>{t().impressions}</dt>
            <dd>{count(overall.learned.impressions + overall.control.impressions)}</dd>
          </div>
          <div>
            <dt>{t().experiment.rewardEach}</dt>
            <dd>{percent(overall.learned.rate, 2)}</dd>
          </div>
        </dl>
      )}
      {overall?.lift && (
        <div>
          <IntervalBar {...overall.lift} from={-1} to={1} zero={0} tone={tone} />
          <small>{`${signed(overall.lift.low, 1)} ${t().to} ${signed(overall.lift.high, 1)}`}</small>
        </div>
      )}
      <p class="awaits">
        {pending > 0 ? <a href={href({ page: 'inbox', campaign: listing.id })}>{words.awaits(pending)}</a> : <span class="quiet">{words.awaitsNothing}</span>}
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
