/** Width of the axes beside a plot, px: what stands below a chart lines up with its time axis by them. */
export const LEFT_AXIS_PX = 48;
export const RIGHT_AXIS_PX = 46;

/** Room for half of the last label of a time axis. */
export const LABEL_END_PX = 18;

/** Width of a chart on paper: A4 and Letter between their usual margins. */
export const PAPER_PX = 680;

const NARROW_PX = 640;
export const isNarrow = (): boolean => window.innerWidth < NARROW_PX;

/** Most points worth asking for, by screen: a narrow one has not the pixels for more, and its telephone not the time. */
export const MOST_POINTS = { narrow: 600, wide: 2000 } as const;

export const mostPoints = (): number => (isNarrow() ? MOST_POINTS.narrow : MOST_POINTS.wide);
