import type { Row } from './scorecard';
import { NAMES } from './table';

const WIDTH = 760;
const LABEL_X = 190;
const BAR_X = 200;
const BAR_LENGTH = 360;
const LINE = 26;
const TOP = 64;

/**
 * Net capture and what it cost, one bar per policy, as an SVG that reads on light and on dark. Only good sensors;
 * a policy that left the house dark is drawn hollow: its gain is the house's loss.
 */
export function chartOf(rows: readonly Row[], title: string): string {
  const shown = rows.filter(
    ({ policy, faulty, netShare }) => policy !== 'reference' && !faulty && netShare !== null,
  );
  const height = TOP + LINE * shown.length + 44;
  const bars = shown.map((row, i) => {
    const y = TOP + i * LINE;
    const share = Math.min(1.1, Math.max(0, row.netShare ?? 0));
    const dark = row.extraDarkHours >= 1;
    const note = [
      `${(100 * (row.netShare ?? 0)).toFixed(1)} %`,
      `${row.switchesMean.toFixed(1)} switches/day`,
      ...(dark ? [`${row.extraDarkHours.toFixed(0)} h dark`] : []),
    ].join(' · ');
    const own = row.policy === 'ours' ? ' own' : '';
    return [
      `<text class="name${own}" x="${LABEL_X}" y="${y + 13}" text-anchor="end">${NAMES[row.policy]}</text>`,
      `<rect class="bar${own}${dark ? ' dark' : ''}" x="${BAR_X}" y="${y}" width="${(share * BAR_LENGTH) / 1.1}" height="17" rx="3"/>`,
      `<text class="note" x="${BAR_X + (share * BAR_LENGTH) / 1.1 + 8}" y="${y + 13}">${note}</text>`,
    ].join('\n');
  });
  const full = BAR_X + BAR_LENGTH / 1.1;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${title}">
<style>
svg { font: 13px system-ui, sans-serif; --ink: #1f2937; --soft: #6b7280; --bar: #94a3b8; --own: #15803d; }
@media (prefers-color-scheme: dark) { svg { --ink: #e5e7eb; --soft: #9ca3af; --bar: #64748b; --own: #4ade80; } }
text { fill: var(--ink); } .note, .axis { fill: var(--soft); } .own.name { font-weight: 600; } .title { font-size: 15px; font-weight: 600; }
.bar { fill: var(--bar); stroke: var(--bar); } .bar.own { fill: var(--own); stroke: var(--own); } .bar.dark { fill: none; stroke-dasharray: 4 3; }
line { stroke: var(--soft); stroke-dasharray: 2 3; }
</style>
<text class="title" x="16" y="24">${title}</text>
<text class="axis" x="16" y="44">Net capture of otherwise curtailed sun, share of the best possible. Dashed: miners left the house dark.</text>
<line x1="${full}" y1="${TOP - 6}" x2="${full}" y2="${TOP + LINE * shown.length}"/>
${bars.join('\n')}
<text class="axis" x="${full}" y="${TOP + LINE * shown.length + 18}" text-anchor="middle">100 %</text>
</svg>
`;
}
