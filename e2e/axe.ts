import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/**
 * Scans the page as it stands; every violation is named with where it is. The inside of charts, a thousand elements
 * that are the same on every scan, is looked at where `charts` asks for it.
 */
export async function expectAccessible(page: Page, what: string, { charts = false } = {}): Promise<void> {
  // A third of the time: no page of ours has frames to visit, and what passes need not be told in full.
  const builder = new AxeBuilder({ page })
    .setLegacyMode()
    .options({ resultTypes: ['violations'], preload: false });
  if (!charts) builder.exclude('.recharts-wrapper');
  const { violations } = await builder.analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
  );
  expect(found, `${what}: accessibility`).toEqual([]);
}
