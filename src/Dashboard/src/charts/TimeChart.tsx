import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { shade } from '../shell/settings';
import { axisTime } from '../i18n';

export interface Reading {
  readonly at: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** The least stretch of time that the axis shows. */
const leastSpanSeconds = 60;

/** A figure through time with its interval as a band. A table of the same figures belongs beside it. */
export function TimeChart({ readings, format, zero, label }: { readings: readonly Reading[]; format: (value: number) => string; zero: number; label: string }) {
  const holder = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const shown = shade.value;
  useEffect(() => {
    const style = getComputedStyle(document.documentElement);
    const color = (name: string) => style.getPropertyValue(name).trim();
    const axis = { stroke: color('--muted'), grid: { stroke: color('--line'), width: 1 }, ticks: { stroke: color('--line'), width: 1 }, font: '12px system-ui, sans-serif' };
    const plot = new uPlot(
      {
        width: holder.current!.clientWidth,
        height: 240,
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { range: (_, low, high) => [Math.min(low, high - leastSpanSeconds), high] }, y: { range: (_, low, high) => padded(Math.min(low, zero), Math.max(high, zero)) } },
        axes: [
          { ...axis, space: 88, values: (_, ticks) => ticks.map((tick) => axisTime(tick * 1_000, (ticks.at(-1)! - ticks[0]!) * 1_000)) },
          { ...axis, size: 64, values: (_, ticks) => ticks.map(format) },
        ],
        series: [
          {},
          { stroke: 'transparent', points: { show: false } },
          { stroke: 'transparent', points: { show: false } },
          { stroke: color('--accent'), width: 2, points: { show: readings.length < 3 } },
          { stroke: color('--muted'), width: 1, dash: [4, 4], points: { show: false } },
        ],
        bands: [{ series: [2, 1], fill: color('--band') }],
      },
      dataOf(readings, zero),
      holder.current!,
    );
    chart.current = plot;
    const observer = new ResizeObserver(() => plot.setSize({ width: holder.current?.clientWidth ?? 300, height: 240 }));
    observer.observe(holder.current!);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [shown]);
  useEffect(() => chart.current?.setData(dataOf(readings, zero)), [readings]);
  return <div ref={holder} class="time-chart" role="img" aria-label={label} />;
}

function padded(low: number, high: number): [number, number] {
  const room = (high - low || 1) * 0.08;
  return [low - room, high + room];
}

function dataOf(readings: readonly Reading[], zero: number): uPlot.AlignedData {
  return [readings.map((each) => each.at / 1_000), readings.map((each) => each.low), readings.map((each) => each.high), readings.map((each) => each.mean), readings.map(() => zero)];
}
