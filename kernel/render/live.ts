/** One transparent pixel. JupyterLab draws a chart's bundle a second time to make a PNG of it, unless it has one. */
export const LIVE_PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAC0lEQVR42mNgAAIAAAUAAen63NgAAAAASUVORK5CYII=";
