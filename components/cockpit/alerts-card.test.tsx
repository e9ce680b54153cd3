import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { WireAlert } from '@/lib/alerts/serialise';
import { AlertsCard } from './alerts-card';
import { NowProvider } from './now';
import { NOON } from './status.case';

const AT = new Date(NOON - 60_000).toISOString();

/** The card with one open alert, as HTML. */
function cardWith(alert: Partial<WireAlert>): string {
  const client = new QueryClient();
  const open = {
    id: 'one',
    key: 'voltage-lost',
    severity: 'critical',
    text: 'Something.',
    raised_at: AT,
    cleared_at: null,
    acknowledged_at: null,
    acknowledged_by: null,
  } satisfies WireAlert;
  client.setQueryData(['alerts'], [{ ...open, ...alert }]);
  const markup = renderToStaticMarkup(
    <QueryClientProvider client={client}>
      <NowProvider renderedAt={NOON}>
        <AlertsCard timeZone="America/Los_Angeles" />
      </NowProvider>
    </QueryClientProvider>,
  );
  expect(markup).toContain('Something.');
  return markup;
}

const buttonsOf = (markup: string) =>
  [...markup.matchAll(/<button[^>]*>([^<]*)</g)].map(([, name = '']) => name);

it('asks what becomes of a charge block that has outlived automatic control, and of nothing else', () => {
  for (const key of ['charge-block-left', 'charge-block-lift']) {
    expect(buttonsOf(cardWith({ key }))).toEqual(['Keep the block', 'Lift it', 'Acknowledge']);
  }
  expect(buttonsOf(cardWith({ key: 'charge-block-unknown' }))).toEqual(['Acknowledge']);
});

it('keeps an acknowledged alert in the list, without its colour, and says who has seen it', () => {
  const loud = cardWith({});
  expect(loud).toContain('text-danger');
  expect(loud).not.toContain('Nothing needs your eye.');
  const quiet = cardWith({ acknowledged_at: AT, acknowledged_by: 'owner@example.org' });
  expect(quiet).toContain('Nothing needs your eye.');
  expect(quiet).toContain('bg-sunken');
  expect(quiet).not.toContain('bg-danger-soft');
  expect(quiet).toMatch(/Acknowledged .* by owner@example\.org\./);
  expect(buttonsOf(quiet)).toEqual(['Take back']);
});
