import type { XAxisTickContentProps, YAxisTickContentProps } from 'recharts';

const FONT_PX = 11;
/** How far below its place the baseline lies, where letters hang from it or stand around it: capitals are 0.71em high. */
const SHIFT = { start: '0.71em', middle: '0.355em', end: '0' } as const;

/**
 * The letters at a tick of every scale. Recharts' own measure each word for lines to be broken, which a telephone takes
 * long for; ours stand on one line.
 */
export function axisTick(props: XAxisTickContentProps | YAxisTickContentProps) {
  const { x, y, index, payload, className, textAnchor, verticalAnchor, tickFormatter } = props;
  return (
    <text
      x={x}
      y={y}
      dy={SHIFT[verticalAnchor]}
      className={className}
      textAnchor={textAnchor}
      fill="var(--ink-soft)"
      fontSize={FONT_PX}
    >
      {tickFormatter ? tickFormatter(payload.value, index) : payload.value}
    </text>
  );
}
