import { useMemo, useRef } from 'preact/hooks';
import { api } from '../api/client';
import type { ExperimentReading, Trends } from '../api/types';
import { useTick } from '../api/useTick';
import { IntervalBar } from '../charts/IntervalBar';
import { TimeChart, type Reading } from '../charts/TimeChart';
import { count, decimal, duration, percent, signed, t } from '../i18n';
import { ReadingsTable } from '../live/Live';
import { language } from '../shell/settings';
import type { IconName } from '../ui/icons';
import { Badge, ChartOrTable, Failed, Skeleton, useLoaded, type Tone } from '../ui/parts';
import { moreOf, paceOf, roundly } from './more';

const looks: Record<string, readonly [IconName, Tone]> = { winning: ['winning', 'good'], losing: ['losing', 'bad'], unhealthy: ['warning', 'warn'], learning: ['learning', 'accent'] };
const mostReadings = 600;
const everyMs = 2_000;
const noPoints: Trends['experiment']['points'] = [];

/** What the learned policy earns over the control group. */
export function Experiment({ campaign }: { campaign: string }) {
  const tick = useTick(campaign, everyMs);
  const found = useLoaded(`${campaign}/${language.value}`, (signal) => api.experiment(campaign, language.value, signal), tick);
  const noted = useLoaded(campaign, (signal) => api.trends(campaign, { points: '1' }, signal));
  const readings = useRef<readonly Reading[]>([]);
  const counts = useRef<[number, number][]>([]);
  const seen = useRef<unknown>(undefined);
  if (found.error && !found.value) return <Failed error={found.error} retry={found.reload} />;
  if (!found.value) return <Skeleton />;
  const { overall, segments } = found.value;
  if (seen.current !== found.value) {
    seen.current = found.value;
    const at = Date.now();
    if (overall.lift) readings.current = [...readings.current, { at, ...overall.lift }].slice(-mostReadings);
    counts.current = [...counts.current, [at, overall.learned.impressions + overall.control.impressions] as [number, number]].slice(-60);
  }
  // What the engine noted before this page was opened.
  const points = noted.value?.experiment.points ?? noPoints;
  const start = points[0] ? ([Date.parse(points[0].at), points[0].impressions] as const) : counts.current[0];
  const words = t().experiment;
  return (
    <div class="experiment">
      <section class="verdict">
        <Verdict reading={overall} />
        <p class="sentence">{overall.sentence}</p>
      </section>
      <dl class="totals">
        <div>
          <dt>{words.lift}</dt>
          <dd>{overall.lift ? signed(overall.lift.mean, 1) : words.noLift}</dd>
          {overall.lift && <dd class="sub">{`${signed(overall.lift.low, 1)} ${t().to} ${signed(overall.lift.high, 1)}`}</dd>}
        </div>
        <div>
          <dt>{words.learned}</dt>
          <dd>{percent(overall.learned.rate, 2)}</dd>
          <dd class="sub">{`${count(overall.learned.impressions)} ${t().impressions.toLowerCase()}`}</dd>
        </div>
        <div>
          <dt>{words.control}</dt>
          <dd>{percent(overall.control.rate, 2)}</dd>
          <dd class="sub">{`${count(overall.control.impressions)} ${t().impressions.toLowerCase()}`}</dd>
        </div>
        <div>
          <dt>{words.ratio}</dt>
          <dd>
            <Badge tone={overall.sampleRatio.healthy ? 'good' : 'bad'} icon={overall.sampleRatio.healthy ? 'check' : 'warning'}>
              {overall.sampleRatio.healthy ? words.healthy : words.unhealthy}
            </Badge>
          </dd>
          <dd class="sub">{words.pValue(decimal(overall.sampleRatio.pValue, 3))}</dd>
        </div>
      </dl>
      <p class="help">
        {words.always} {words.ratioHelp}
      </p>
      <section class="board">
        <h2>{words.through}</h2>
        <Through points={points} readings={readings.current} />
      </section>
      <section class="board">
        <h2>{words.more}</h2>
        <p>{moreText(overall, paceOf(start, counts.current.at(-1)))}</p>
      </section>
      <section class="board">
        <h2>{words.bySegment}</h2>
        <Segments segments={segments} />
      </section>
    </div>
  );
}

/** The lift since the engine took its first note of it. */
function Through({ points, readings }: { points: Trends['experiment']['points']; readings: readonly Reading[] }) {
  const all = useMemo(() => {
    const opened = readings[0]?.at ?? Infinity;
    return [...points.map((point) => ({ at: Date.parse(point.at), ...point.lift })).filter((each) => each.at < opened), ...readings];
  }, [points, readings]);
  const label = t().experiment.through;
  if (all.length < 2) return <p class="help">{t().live.trendNone}</p>;
  return <ChartOrTable chart={<TimeChart readings={all} format={(value) => signed(value)} zero={0} label={label} />} table={<ReadingsTable readings={all} format={(value) => signed(value, 1)} />} />;
}

function Verdict({ reading }: { reading: ExperimentReading }) {
  const [icon, tone] = looks[reading.verdict] ?? ['learning', 'accent'];
  return (
    <Badge tone={tone} icon={icon}>
      {t().experiment.verdicts[reading.verdict]}
    </Badge>
  );
}

function moreText(reading: ExperimentReading, pace: number | null): string {
  const words = t().experiment;
  const more = moreOf(reading);
  switch (more.kind) {
    case 'none':
      return words.moreNone;
    case 'unhealthy':
      return words.moreUnhealthy;
    case 'known':
      return words.moreKnown;
    case 'small':
      return words.moreSmall;
    case 'factor':
      return words.moreFactor(count(roundly(more.impressions)), pace === null ? null : duration((more.impressions / pace) * 1_000));
  }
}

function Segments({ segments }: { segments: readonly (ExperimentReading & { id: string })[] }) {
  const words = t().experiment;
  const reach = Math.min(2, Math.max(0.2, ...segments.map(({ lift }) => (lift ? Math.max(Math.abs(lift.low), Math.abs(lift.high)) : 0))));
  return (
    <div class="scroller" tabIndex={0} role="group" aria-label={words.bySegment}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t().segment}</th>
            <th scope="col">{words.lift}</th>
            <th scope="col" class="number">
              {words.learned}
            </th>
            <th scope="col" class="number">
              {words.control}
            </th>
            <th scope="col" class="number">
              {t().impressions}
            </th>
            <th scope="col">{t().live.state}</th>
          </tr>
        </thead>
        <tbody>
          {segments.map((segment) => (
            <tr key={segment.id}>
              <th scope="row">{segment.id}</th>
              <td class="lift">
                {segment.lift ? (
                  <>
                    <IntervalBar {...segment.lift} from={-reach} to={reach} zero={0} tone={looks[segment.verdict]?.[1]} />
                    <span>{`${signed(segment.lift.mean, 1)} (${signed(segment.lift.low, 1)} ${t().to} ${signed(segment.lift.high, 1)})`}</span>
                  </>
                ) : (
                  <span class="quiet">{words.noLift}</span>
                )}
              </td>
              <td class="number">{percent(segment.learned.rate, 2)}</td>
              <td class="number">{percent(segment.control.rate, 2)}</td>
              <td class="number">{count(segment.learned.impressions + segment.control.impressions)}</td>
              <td>
                <Verdict reading={segment} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
