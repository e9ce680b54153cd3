import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import type { DisplayUnits } from '@/lib/core/types';
import { UnitsProvider, useOwnersWords } from './units';

const TOLD = 'Barn waits: 20 °C, at 52.93 V';

function Told() {
  return useOwnersWords()(TOLD);
}

function shown(units: DisplayUnits): string {
  return renderToStaticMarkup(
    <UnitsProvider units={units}>
      <Told />
    </UnitsProvider>,
  );
}

test('a sentence of the control is read in the owner’s degrees, each number on one line with its unit', () => {
  expect(shown('metric')).toBe('Barn waits: 20\u00a0°C, at 52.93\u00a0V');
  expect(shown('imperial')).toBe('Barn waits: 68.0\u00a0°F, at 52.93\u00a0V');
});
