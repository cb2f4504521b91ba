import { useState } from 'preact/hooks';
import type { Scores } from '../api/types';
import { decimal, percent, t } from '../i18n';
import { Choice } from '../ui/parts';

/** A heat map module × segment, which is a table: each cell holds its figure. */
export function Segments({ scores }: { scores: Scores }) {
  const slots = scores.segments[0]?.slots ?? [];
  const [chosen, setSlot] = useState(slots[0]?.id ?? '');
  const slot = slots.find((each) => each.id === chosen) ?? slots[0];
  if (!slot) return null;
  const modules = slot.modules.map((module) => module.id);
  return (
    <section class="board" aria-label={t().live.bySegment}>
      {slots.length > 1 && <Choice label={t().slot} value={slot.id} options={slots.map((each) => [each.id, each.id] as const)} onChange={setSlot} />}
      <p class="help">{t().live.heatHelp}</p>
      <div class="scroller" tabIndex={0} role="group" aria-label={t().live.bySegment}>
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
            {scores.segments.map((segment) => {
              const mine = segment.slots.find((each) => each.id === slot.id);
              return (
                <tr key={segment.id}>
                  <th scope="row">{segment.id}</th>
                  {modules.map((id) => {
                    const module = mine?.modules.find((each) => each.id === id);
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
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** The class of a resonance: how far from 100 it lies, in three steps each way. */
export function heatOf(mean: number): string {
  const distance = Math.abs(mean - 100);
  const step = distance < 5 ? 0 : distance < 20 ? 1 : distance < 50 ? 2 : 3;
  return step === 0 ? 'even' : `${mean > 100 ? 'over' : 'under'}${step}`;
}
