import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api/client';
import { watch } from '../api/stream';
import type { Campaign, Scores } from '../api/types';
import { paused } from '../shell/settings';

/** The scores as they come, at most once a frame, not while updates are paused or the tab is hidden; and the campaign that they are of. */
export function useScores(id: string, segment: string | null, byChannel: boolean) {
  const [scores, setScores] = useState<Scores>();
  const [campaign, setCampaign] = useState<Campaign>();
  const [error, setError] = useState<unknown>();
  const [turn, setTurn] = useState(0);
  const newest = useRef<string | undefined>(undefined);
  const known = useRef('');

  useEffect(() => {
    const stop = new AbortController();
    api.campaign(id, stop.signal).then(
      (value) => {
        setCampaign(value);
        setError(undefined);
      },
      (failure: unknown) => {
        if (stop.signal.aborted) return;
        setError(failure);
        setTimeout(() => setTurn((n) => n + 1), 3_000);
      },
    );
    return () => stop.abort();
  }, [id, turn]);

  useEffect(() => {
    let frame = 0;
    const show = () => {
      frame = 0;
      if (newest.current === undefined || (paused.value && known.current !== '')) return;
      const next = JSON.parse(newest.current) as Scores;
      newest.current = undefined;
      const modules = next.segments[0]?.slots.map((slot) => slot.modules.map((module) => `${slot.id}/${module.id}/${module.version}`).join()).join() ?? '';
      if (modules !== known.current) setTurn((n) => n + 1);
      known.current = modules;
      setScores(next);
    };
    const query = [segment === null ? '' : `segment=${segment}`, byChannel ? 'by=channel' : ''].filter(Boolean).join('&');
    const close = watch(`/v1/campaigns/${id}/scores/stream${query && `?${query}`}`, (name, data) => {
      if (name !== 'scores') return;
      newest.current = data;
      frame ||= requestAnimationFrame(show);
    });
    const release = paused.subscribe((on) => {
      if (!on && newest.current !== undefined) frame ||= requestAnimationFrame(show);
    });
    return () => {
      close();
      release();
      cancelAnimationFrame(frame);
    };
  }, [id, segment, byChannel]);

  return { scores, campaign, error, reload: () => setTurn((n) => n + 1) };
}
