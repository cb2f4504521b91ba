import { useState } from 'preact/hooks';
import type { Scores, SegmentScores } from '../api/types';
import { count, decimal, percent, t } from '../i18n';
import { Choice, Empty } from '../ui/parts';

/** Rows drawn at once: a campaign may have very many segments, of up to 32 cells each. */
const pageSize = 40;

/** A heat map module × segment, which is a table: each cell holds its figure. The segments with the most impressions come first. */
export function Segments({ scores }: { scores: Scores }) {
  const slots = scores.segments[0]?.slots ?? [];
  const [chosen, setSlot] = useState(slots[0]?.id ?? '');
  const [filter, setFilter] = useState('');
  const [drawn, setDrawn] = useState(pageSize);
  const slot = slots.find((each) => each.id === chosen) ?? slots[0];
  if (!slot) return null;
  const words = t().live;
  const modules = slot.modules.map((module) => module.id);
  const needle = filter.trim().toLowerCase();
  const found = inOrder(scores.segments).filter((segment) => segment.id.includes(needle));
  const left = found.length - drawn;
  return (
    <section class="board" aria-label={words.bySegment}>
      <div class="controls">
        {slots.length > 1 && <Choice label={t().slot} value={slot.id} options={slots.map((each) => [each.id, each.id] as const)} onChange={setSlot} />}
        {scores.segments.length > pageSize && (
          <label class="choice">
            <span>{words.findSegment}</span>
            <input type="search" value={filter} onInput={(event) => setFilter(event.currentTarget.value)} />
          </label>
        )}
      </div>
      <p class="help">{words.heatHelp}</p>
      {found.length === 0 ? (
        <Empty title={t().history.noMatch} text={t().history.noMatchText} />
      ) : (
        <div class="scroller" tabIndex={0} role="group" aria-label={words.bySegment}>
          <table class="heat">
            <thead>
              <tr>
                <th scope="col">{t().segment}</th>
                {modules.map((module) => (
                  <th key={module} scope="col" class="number">
                    {module}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {found.slice(0, drawn).map((segment) => (
                <HeatRow key={segment.id} segment={segment} slot={slot.id} modules={modules} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {left > 0 && (
        <button type="button" class="more" onClick={() => setDrawn(drawn + pageSize)}>
          {words.moreSegments(count(Math.min(left, pageSize)))}
        </button>
      )}
    </section>
  );
}

/** By impressions at the scale of the eye, so that rows do not change places with every update. */
function inOrder(segments: readonly SegmentScores[]): SegmentScores[] {
  const size = (segment: SegmentScores) => Math.floor(Math.log2(segment.impressions + 1));
  return [...segments].sort((a, b) => size(b) - size(a) || (a.id < b.id ? -1 : 1));
}

function HeatRow({ segment, slot, modules }: { segment: SegmentScores; slot: string; modules: readonly string[] }) {
  const mine = new Map(segment.slots.find((each) => each.id === slot)?.modules.map((module) => [module.id, module]));
  return (
    <tr>
      <th scope="row">{segment.id}</th>
      {modules.map((id) => {
        const module = mine.get(id);
        if (!module) return <td key={id}>–</td>;
        const { mean } = module.resonance;
        return (
          <td key={id} class={`heat-cell ${heatOf(mean)}`}>
            <b>
              {mean >= 100.5 ? '+' : mean < 99.5 ? '−' : ''}
              {decimal(Math.abs(mean - 100), 0)}
            </b>
            <small>{percent(module.share, 0)}</small>
          </td>
        );
      })}
    </tr>
  );
}

/** The class of a resonance: how far from 100 it lies, in three steps each way. */
export function heatOf(mean: number): string {
  const distance = Math.abs(mean - 100);
  const step = distance < 5 ? 0 : distance < 20 ? 1 : distance < 50 ? 2 : 3;
  return step === 0 ? 'even' : `${mean > 100 ? 'over' : 'under'}${step}`;
}
