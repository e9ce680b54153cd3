/** Width of the axes beside a plot, px: what stands below a chart lines up with its time axis by them. */
export const LEFT_AXIS_PX = 48;
export const RIGHT_AXIS_PX = 46;
