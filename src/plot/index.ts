// Everything that draws: import { plot, line, … } from "gradlab".
export { plot } from "./plot.js";
export { panels, type PanelsOptions } from "./panels.js";
export type { AxisOptions, Note, PlotOptions } from "./layout.js";
export { Figure, type FigureJson, type Frame } from "./figure.js";
export type { Ordinates, Trace } from "./trace.js";
export type { Matrix, Numbers } from "./matrix.js";
export type { Dash, MarkerSymbol } from "./style.js";
export { line, type LineOptions } from "./line.js";
export { band, type BandOptions } from "./band.js";
export { scatter, type ScatterOptions } from "./scatter.js";
export { contour, type ContourOptions } from "./contour.js";
export { heatMap, type HeatMapOptions } from "./heat-map.js";
export { imageGrid, type ImageGridOptions } from "./image-grid.js";
export { decisionBoundary, type DecisionBoundaryOptions } from "./decision-boundary.js";
export { planeWarp, type PlaneWarpOptions } from "./plane-warp.js";
export { trajectories, type Path, type TrajectoriesOptions } from "./trajectories.js";
export { histogramOverTime, type HistogramOverTimeOptions } from "./histogram-over-time.js";
export {
  layerStatistics,
  summarizeLayers,
  type LayerStatistics,
  type LayerStatisticsOptions,
} from "./layer-statistics.js";
export { convolutionAnimation, type ConvolutionAnimationOptions } from "./convolution-animation.js";
export {
  filterNormalizedDirection,
  lossGrid,
  lossSurface,
  type Direction,
  type LossGrid,
  type LossGridOptions,
} from "./loss-surface.js";
export { Dashboard, type DashboardOptions } from "./dashboard.js";
export { ProgressBar, type ProgressBarOptions } from "./progress-bar.js";
export { graph, ComputationGraph, type GraphOptions } from "./graph.js";
export type { GraphNode } from "./computation-graph.js";
