/** Of a whole picture, in pixels. */
export const MIN_CHART_WIDTH = 320;
export const MAX_CHART_WIDTH = 1600;
