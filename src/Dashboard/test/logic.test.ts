import { describe, expect, it, vi } from 'vitest';
import description from '../openapi.json';
import type { Campaign, ExperimentReading, HistoryEntry, ModuleScores, Scores } from '../src/api/types';

vi.stubGlobal('navigator', { languages: ['fr-FR'] });
vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }));
vi.stubGlobal('window', { addEventListener: () => undefined });
vi.stubGlobal('location', { hash: '', origin: 'http://127.0.0.1:8080', href: 'http://127.0.0.1:8080/' });

const { EventParser } = await import('../src/api/events');
const { delayMs } = await import('../src/api/stream');
const { messagesAt, nextId, read, write, listOf } = await import('../src/campaigns/fields');
const { moreOf, paceOf, roundly } = await import('../src/experiment/more');
const { momentsOf, undoneAlone } = await import('../src/history/moments');
const { holds, isOfChain } = await import('../src/history/table');
const { historyPath } = await import('../src/api/client');
const { en } = await import('../src/i18n/en');
const { fr } = await import('../src/i18n/fr');
const { merged } = await import('../src/campaigns/overview');
const { diff } = await import('../src/inbox/diff');
const { figuresOf } = await import('../src/inbox/evidence');
const { contentOf, draftOf, isUndoable } = await import('../src/inbox/draft');
const { inOrder, ratesOf, rowsOf, scaleOf, Trends } = await import('../src/live/rows');
const { busiestOf, ledgerOf, loadsOf, unaccounted } = await import('../src/operations/balance');
const { parse, href } = await import('../src/shell/router');
const { preferred } = await import('../src/shell/settings');

describe('events', () => {
  it('come whole, whatever pieces they arrive in', () => {
    const text = ': still here\n\nevent: scores\nid: 7\ndata: {"a":1}\n\ndata: x\r\ndata: y\r\n\r\n';
    for (const size of [1, 3, 1_000]) {
      const parser = new EventParser();
      const events = (text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []).flatMap((piece) => parser.push(piece));
      expect(events.filter((event) => event.name)).toEqual([
        { name: 'scores', data: '{"a":1}', id: '7' },
        { name: 'message', data: 'x\ny', id: null },
      ]);
    }
  });

  it('are asked for again later and later, and never later than bearable', () => {
    expect(delayMs(0, 0.5)).toBe(500);
    expect(delayMs(3, 0.5)).toBe(4_000);
    expect(delayMs(50, 1)).toBeLessThanOrEqual(18_750);
  });
});

describe('addresses', () => {
  it.each(['#/campaigns', '#/operations', '#/campaigns/spring', '#/campaigns/spring/inbox', '#/new'])('%s is read and written alike', (hash) => expect(href(parse(hash))).toBe(hash));
  it.each(['#/campaigns/Spring', '#/campaigns/spring/x', '#/campaigns/spring/inbox/2', '#/x'])('%s is missing', (hash) => expect(parse(hash)).toEqual({ page: 'missing' }));
  it('begin with all campaigns', () => expect(parse('')).toEqual({ page: 'campaigns' }));
});

describe('languages', () => {
  it('are the first that is spoken', () => {
    expect(preferred(['de', 'fr-CA', 'en'])).toBe('fr');
    expect(preferred(['de'])).toBe('en');
  });

  const leaves = (texts: object): string[] => Object.entries(texts).flatMap(([key, value]) => (typeof value === 'object' ? leaves(value as object).map((leaf) => `${key}.${leaf}`) : [key]));
  it('have the same texts', () => expect(leaves(fr).sort()).toEqual(leaves(en).sort()));

  const strings = (texts: object): string[] => Object.values(texts).flatMap((value: unknown) => (typeof value === 'object' ? strings(value as object) : typeof value === 'string' ? [value] : []));
  it('French keeps high punctuation on its line', () => expect(strings(fr).filter((text) => / [;:?!%»]/.test(text))).toEqual([]));
});

const module = (id: string, mean: number): ModuleScores => ({
  id, version: 1, impressions: 10, reward: 1, share: 0.5, probabilityBest: 0.5, state: 'learning', rate: { mean: 0.1, low: 0, high: 0.2 }, resonance: { mean, low: mean - 10, high: mean + 10 },
});
const scores = (means: Record<string, number>): Scores =>
  ({
    campaign: 'c', asOf: '', ledger: { accepted: 0, counted: 0, duplicate: 0, late: 0, quarantined: 0 },
    segments: ['default', 'young'].map((id) => ({ id, policyVersion: 1, decisions: 0, impressions: 0, reward: 0, slots: [{ id: 'headline', modules: Object.entries(means).map(([name, mean]) => module(name, mean)) }] })),
  }) as unknown as Scores;
const campaign: Campaign = { slots: [{ id: 'headline', modules: [{ id: 'a', content: { text: 'A' } }] }] };

describe('leaderboards', () => {
  it('show the best first, with what is served', () => {
    const rows = rowsOf(scores({ a: 80, b: 120 }), campaign, 'default').get('headline')!;
    expect(rows.map((row) => [row.scores.id, row.content?.text])).toEqual([['b', undefined], ['a', 'A']]);
    expect(rowsOf(scores({ a: 80, b: 120 }), campaign, null).get('headline')).toHaveLength(4);
  });

  it('keep an order that is held while figures change', () => {
    const before = rowsOf(scores({ a: 80, b: 120 }), campaign, 'default').get('headline')!;
    const after = rowsOf(scores({ a: 200, b: 90, c: 300 }), campaign, 'default').get('headline')!;
    const shown = inOrder(after, before.map((row) => row.key));
    expect(shown.map((row) => row.scores.id)).toEqual(['b', 'a', 'c']);
    expect(shown[1]!.scores.resonance.mean).toBe(200);
  });

  it('have a scale that ends at 200 or beyond the best', () => {
    const rows = (means: Record<string, number>) => rowsOf(scores(means), campaign, 'default').get('headline')!;
    expect(scaleOf(rows({ a: 80 }))).toBe(200);
    expect(scaleOf(rows({ a: 210 }))).toBe(300);
  });

  it('remember a bounded number of readings, some time apart', () => {
    const trends = new Trends(1_000);
    for (let at = 1_000; at <= 200_000; at += 500) trends.add(rowsOf(scores({ a: at }), campaign, 'default').get('headline')!, at);
    const readings = trends.of('default/headline/a');
    expect(readings).toHaveLength(60);
    expect(readings.at(-1)!.at - readings.at(-2)!.at).toBe(1_000);
  });
});

const entry = (number: number, rest: Partial<HistoryEntry>): HistoryEntry => ({ number, at: '2026-05-04T10:00:00Z', actor: 'person', kind: 'proposed', ...rest });

describe('history', () => {
  const { parameters } = description.paths['/v1/campaigns/{id}/history'].get;
  const values = (name: string) => parameters.flatMap((each) => (each.name === name && 'enum' in each.schema ? (each.schema.enum as string[]) : []));
  it.each(values('kind'))('says %s in both languages', (kind) => {
    expect(en.history.kinds[kind]).toBeTruthy();
    expect(fr.history.kinds[kind]).toBeTruthy();
  });
  it('asks for no kind and no actor that the engine does not know', () => {
    expect(Object.keys(en.history.kinds).sort()).toEqual(values('kind').sort());
    expect(Object.keys(en.history.actors).sort()).toEqual(values('actor').sort());
  });

  it('follows a chain by request, proposal or module', () => {
    const first = entry(1, { proposal: 'p-1', module: 'h5', slot: 's' });
    expect(isOfChain(entry(2, { proposal: 'p-1' }), first)).toBe(true);
    expect(isOfChain(entry(3, { module: 'h5', slot: 's' }), first)).toBe(true);
    expect(isOfChain(entry(4, { module: 'h5', slot: 'other' }), first)).toBe(false);
    expect(holds(entry(5, { comment: 'Too LOUD' }), 'loud')).toBe(true);
  });

  it('is narrowed and exported by the engine', () => {
    const nothing = { kind: '', actor: '', slot: '', module: '', from: '', to: '' };
    expect(historyPath('spring', nothing, {})).toBe('/v1/campaigns/spring/history');
    expect(historyPath('spring', { ...nothing, kind: 'stopped', from: '2026-05-04T00:00:00.000Z' }, { format: 'csv' })).toBe('/v1/campaigns/spring/history?kind=stopped&from=2026-05-04T00%3A00%3A00.000Z&format=csv');
  });
});

describe('earlier policies', () => {
  const now = Date.parse('2026-05-04T10:00:00Z');
  const minutesAgo = (minutes: number) => now - minutes * 60_000;
  const kept = (id: string, ...checkpoints: readonly (readonly [number, number, ('regular' | 'beforeRollback' | 'rolledBack')?])[]) => ({
    id, rollbacks: 0, checkpoints: checkpoints.map(([minutes, impressions, kind = 'regular']) => ({ at: new Date(minutesAgo(minutes)).toISOString(), kind, impressions, reward: impressions / 10 })),
  });

  it('of one segment are all that is kept', () => {
    const moments = momentsOf([kept('a', [1, 30, 'rolledBack'], [1.1, 50, 'beforeRollback'], [5, 30], [10, 20])], now);
    expect(moments.map((each) => [each.kind, each.impressions, each.reward, each.without])).toEqual([['rolledBack', 30, 3, 0], ['beforeRollback', 50, 5, 0], ['regular', 30, 3, 0], ['regular', 20, 2, 0]]);
  });

  it('of several are what each has by then, with those that have nothing', () => {
    const moments = momentsOf([kept('a', [5, 100], [60, 40]), kept('b', [20, 7])], now);
    expect(moments.map((each) => [each.at, each.impressions, each.without])).toEqual([[minutesAgo(5), 107, 0], [minutesAgo(20), 47, 0], [minutesAgo(60), 40, 1]]);
  });

  it('of several that are close for their age are one, the newest', () => {
    expect(momentsOf([kept('a', [5, 1], [100, 1]), kept('b', [5.5, 1], [105, 1])], now).map((each) => each.at)).toEqual([minutesAgo(5), minutesAgo(100)]);
  });

  it('stay few, however many segments there are', () => {
    const many = Array.from({ length: 500 }, (_, i) => kept(`s${i}`, ...Array.from({ length: 16 }, (_, k) => [(i % 7) + 5 * 1.6 ** k, 16 - k] as const)));
    expect(momentsOf(many, now).length).toBeLessThan(100);
  });

  it('undo for all only what took all back', () => {
    const [a, b] = [kept('a', [1, 5, 'rolledBack'], [2, 9, 'beforeRollback'], [30, 5]), kept('b', [1, 4, 'rolledBack'], [2, 6, 'beforeRollback'], [30, 4])];
    const undoes = (...segments: ReturnType<typeof kept>[]) => momentsOf(segments, now).filter((each) => each.kind === 'beforeRollback').map((each) => each.impressions);
    expect(undoes(a, b)).toEqual([15]);
    expect(undoneAlone([a, b], momentsOf([a, b], now))).toBe(false);
    expect(undoes(a, kept('b', [30, 4]))).toEqual([]);
    expect(undoneAlone([a, kept('b', [30, 4])], momentsOf([a, kept('b', [30, 4])], now))).toBe(true);
    expect(undoes(a)).toEqual([9]);
  });
});

describe('trends', () => {
  it('are rates by row, where there is more than one', () => {
    const point = (mean: number | null) => ({ from: '', to: '', impressions: 10, reward: 1, rate: mean === null ? null : { mean, low: 0, high: 1 } });
    const trends = { segment: 'default', slots: [{ id: 'headline', modules: [{ id: 'a', version: 1, points: [point(0.1), point(null), point(0.2)] }, { id: 'b', version: 1, points: [point(0.1)] }] }] };
    expect([...ratesOf(trends as unknown as Parameters<typeof ratesOf>[0])]).toEqual([['default/headline/a', [0.1, 0.2]]]);
    expect(ratesOf(undefined).size).toBe(0);
  });
});

describe('an edit', () => {
  it('keeps what the form does not show', () => {
    expect(contentOf({ text: 'a', href: '/x' }, { text: 'b' })).toEqual({ text: 'b', href: '/x' });
    expect(contentOf({ url: '/a.png', alt: 'A' }, { url: '/b.png', alt: '' })).toEqual({ url: '/b.png' });
    expect(draftOf({ url: '/a.png' })).toEqual({ url: '/a.png', alt: '' });
    expect(contentOf({ n: 1 }, draftOf({ n: 1 }))).toEqual({ n: 1 });
    expect(() => contentOf({}, { json: '{' })).toThrow(SyntaxError);
  });
  it('is not what undoes a decision', () => {
    const proposal = (status: string, outcome?: object) => ({ status, outcome }) as unknown as Parameters<typeof isUndoable>[0];
    expect([proposal('live'), proposal('live', { kind: 'promoted' }), proposal('rejected'), proposal('pending'), proposal('retired')].map(isUndoable)).toEqual([true, false, true, false, false]);
  });
});

describe('operations', () => {
  const partition = (number: number, silo: string | null, accepted: number, counted = accepted) => ({ number, silo, segments: 1, ledger: { accepted, counted, duplicate: 0, late: 0, quarantined: 0 } });
  const partitions = [partition(0, 'a', 10), partition(1, 'a', 20), partition(2, 'b', 70), partition(3, null, 0)];
  it('tell how silos and partitions share the signals', () => {
    expect(loadsOf(partitions).get('a')).toEqual({ partitions: 2, share: expect.closeTo(0.3) as number });
    expect(busiestOf(partitions)).toEqual({ number: 2, times: expect.closeTo(2.8) as number });
    expect(busiestOf([partition(0, 'a', 0)])).toBeNull();
  });
  it('tell what the ledger does not account for', () => {
    expect(unaccounted(ledgerOf(partitions))).toBe(0);
    expect(unaccounted(ledgerOf([partition(0, 'a', 10, 7)]))).toBe(3);
  });
});

describe('the overview', () => {
  const news = (ids: string[], removed: string[]) => ({ asOf: '', demo: false, campaigns: ids.map((id) => ({ id })), removed }) as unknown as Parameters<typeof merged>[1];
  it('takes in what changed and what is gone, by id', () => {
    const all = merged(new Map(), news(['b', 'a'], []));
    expect([...merged(all, news(['c'], ['b'])).keys()]).toEqual(['a', 'c']);
  });
});

describe('diff', () => {
  const apply = (pieces: ReturnType<typeof diff>, kept: 'added' | 'removed') => pieces.filter((piece) => piece.kind === 'same' || piece.kind === kept).map((piece) => piece.text).join('').trim();
  it.each([
    ['Run lighter this spring', 'Run faster this summer, too'],
    ['', 'All new'],
    ['All gone', ''],
    ['Same words', 'Same words'],
  ])('from "%s" to "%s" holds both', (before, after) => {
    const pieces = diff(before, after);
    expect(apply(pieces, 'added')).toBe(after);
    expect(apply(pieces, 'removed').replaceAll(/[,\s]+/g, ' ')).toBe(before.replaceAll(/[,\s]+/g, ' '));
  });

  it('marks only what changed', () => expect(diff('Run lighter now', 'Run faster now').map((piece) => piece.kind)).toEqual(['same', 'removed', 'added', 'same']));
});

describe('evidence', () => {
  it('is gathered into figures with their intervals', () =>
    expect(figuresOf({ kept: 0.5, keptLow: 0.4, keptHigh: 0.6, keptN: 900, share: 0.1 })).toEqual([
      { name: 'kept', value: 0.5, low: 0.4, high: 0.6, n: 900 },
      { name: 'share', value: 0.1, low: undefined, high: undefined, n: undefined },
    ]));
});

describe('what it would take to know more', () => {
  const reading = (lift: ExperimentReading['lift'], healthy = true): ExperimentReading => ({
    learned: { decisions: 0, impressions: 900, reward: 0, rate: 0 }, control: { decisions: 0, impressions: 100, reward: 0, rate: 0 }, sampleRatio: { pValue: 1, healthy }, verdict: 'learning', sentence: '', lift,
  });
  it('is four times the traffic where the interval is twice too wide', () => expect(moreOf(reading({ mean: 0.1, low: -0.1, high: 0.3 }))).toEqual({ kind: 'factor', impressions: 3_000 }));
  it('is nothing where the direction is known', () => expect(moreOf(reading({ mean: 0.3, low: 0.1, high: 0.5 })).kind).toBe('known'));
  it('is not foretold for what is next to nothing', () => expect(moreOf(reading({ mean: 0, low: -0.1, high: 0.1 })).kind).toBe('small'));
  it('is a mended ratio first', () => expect(moreOf(reading({ mean: 0.1, low: -0.1, high: 0.3 }, false)).kind).toBe('unhealthy'));
  it('has a pace only once some time has passed', () => {
    expect(paceOf([0, 0], [1_000, 50])).toBeNull();
    expect(paceOf([0, 0], [10_000, 500])).toBe(50);
  });
  it('is said in two figures', () => expect([7.2, 1_234, 98_765].map(roundly)).toEqual([8, 1_300, 99_000]));
});

describe('the form of a campaign', () => {
  it('changes one member and keeps all others', () => {
    const before = { slots: [{ id: 'a', modules: [{ id: 'm', content: { text: 'x', more: 1 } }] }], segments: [1] };
    const after = write(before, 'slots.0.modules.0.content.text', 'y');
    expect(read(after, 'slots.0.modules.0.content')).toEqual({ text: 'y', more: 1 });
    expect(read(before, 'slots.0.modules.0.content.text')).toBe('x');
    expect(after.segments).toEqual([1]);
  });
  it('takes out what is emptied', () => {
    expect(write({ brief: { brand: 'A' } }, 'brief.brand', undefined)).toEqual({});
    expect(write({ slots: [{ id: 'a' }, { id: 'b' }] }, 'slots.0', undefined)).toEqual({ slots: [{ id: 'b' }] });
  });
  it('finds the messages of the engine at their field', () => {
    const errors = { 'slots[0].modules[1].id': ['came "A"'], 'policy.control': ['came 2'] };
    expect(messagesAt(errors, 'slots.0.modules.1.id')).toEqual(['came "A"']);
    expect(messagesAt(errors, 'slots.0', true)).toEqual(['came "A"']);
    expect(messagesAt(errors, 'slots.0')).toEqual([]);
  });
  it('gives ids that are free, and lists without blanks', () => {
    expect(nextId('h', ['h1', 'h3'])).toBe('h4');
    expect(listOf(' a, ,b ')).toEqual(['a', 'b']);
    expect(listOf(' ')).toBeUndefined();
  });
});
