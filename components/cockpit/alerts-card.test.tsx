import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { AlertsCard } from './alerts-card';
import { NowProvider } from './now';
import { NOON } from './status.case';

/** The names of the buttons beside one open alert. */
function buttonsBeside(key: string): string[] {
  const client = new QueryClient();
  const raised_at = new Date(NOON - 60_000).toISOString();
  client.setQueryData(
    ['alerts'],
    [{ id: 'one', key, severity: 'warning', text: 'Something.', raised_at, cleared_at: null }],
  );
  const markup = renderToStaticMarkup(
    <QueryClientProvider client={client}>
      <NowProvider renderedAt={NOON}>
        <AlertsCard timeZone="America/Los_Angeles" />
      </NowProvider>
    </QueryClientProvider>,
  );
  expect(markup).toContain('Something.');
  return [...markup.matchAll(/<button[^>]*>([^<]*)</g)].map(([, name = '']) => name);
}

it('asks what becomes of a charge block that has outlived automatic control, and of nothing else', () => {
  for (const key of ['charge-block-left', 'charge-block-lift']) {
    expect(buttonsBeside(key)).toEqual(['Keep the block', 'Lift it']);
  }
  expect(buttonsBeside('charge-block-unknown')).toEqual([]);
});
