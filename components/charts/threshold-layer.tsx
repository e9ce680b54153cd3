import { DefaultZIndexes, usePlotArea, ZIndexLayer } from 'recharts';

interface ThresholdLayerProps {
  readonly lowestV: number;
  readonly highestV: number;
  readonly zones: readonly { readonly fromV: number; readonly toV: number; readonly color: string }[];
  readonly marks: readonly { readonly volts: number; readonly label: string }[];
}

const LABEL_PADDING_PX = 5;
/** Wide enough to keep a line of the chart off the letters, px. */
const HALO_PX = 3;

/**
 * Bands and thresholds behind a voltage plot whose axis runs from `lowestV` to `highestV`, their names before it. Drawn
 * by hand: each of Recharts' own reference lines has the whole chart worked out anew, which a telephone takes long for.
 */
export function ThresholdLayer({ lowestV, highestV, zones, marks }: ThresholdLayerProps) {
  const plot = usePlotArea();
  if (plot === undefined) return null;
  const { x, y, width, height } = plot;
  const yOf = (volts: number) => {
    const share = (Math.min(Math.max(volts, lowestV), highestV) - lowestV) / (highestV - lowestV);
    return y + height * (1 - share);
  };
  return (
    <>
      <g>
        {zones.map(({ fromV, toV, color }) => (
          <rect
            key={color}
            x={x}
            y={yOf(toV)}
            width={width}
            height={yOf(fromV) - yOf(toV)}
            fill={color}
            fillOpacity={0.08}
          />
        ))}
        {marks.map(({ volts }) => (
          <line
            key={volts}
            x1={x}
            x2={x + width}
            y1={yOf(volts)}
            y2={yOf(volts)}
            stroke="var(--line-strong)"
            strokeDasharray="2 3"
          />
        ))}
      </g>
      <ZIndexLayer zIndex={DefaultZIndexes.line + 1}>
        <g fill="var(--ink-soft)" stroke="var(--surface)" strokeWidth={HALO_PX} paintOrder="stroke">
          {marks.map(({ volts, label }) => (
            <text
              key={volts}
              x={x + LABEL_PADDING_PX}
              y={yOf(volts) - LABEL_PADDING_PX}
              fontSize={10.5}
              strokeLinejoin="round"
            >
              {label}
            </text>
          ))}
        </g>
      </ZIndexLayer>
    </>
  );
}
