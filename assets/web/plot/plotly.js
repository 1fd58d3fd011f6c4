// plotly.js, and as much of its public interface as is used here.

import { Fault } from "../core/api.js";

/**
 * @typedef {{name: string, type: string, [option: string]: unknown}} Trace as plotly takes it
 * @typedef {{range: [number, number], [option: string]: unknown}} Axis
 * @typedef {{xaxis: Axis, yaxis: Axis, [option: string]: unknown}} Layout
 * @typedef {{curveNumber: number, customdata?: number}} PlotlyPoint
 * @typedef {{points: PlotlyPoint[], event: MouseEvent}} PointEvent
 * @typedef {{points: PlotlyPoint[], lassoPoints?: {x: number[], y: number[]}}} SelectionEvent
 */

/**
 * What plotly calls when something happens.
 *
 * @typedef {object} PlotlyEvents
 * @property {(changes: Record<string, unknown>) => void} plotly_relayout
 * @property {(event: PointEvent) => void} plotly_click
 * @property {(event: PointEvent) => void} plotly_hover
 * @property {() => void} plotly_unhover
 * @property {(event?: SelectionEvent) => void} plotly_selected nothing where a selection was let go
 */

/**
 * An element with a plot in it; its layout tells the ranges that are seen.
 *
 * @typedef {HTMLElement & {
 *   data: Trace[],
 *   layout: Layout,
 *   on<Name extends keyof PlotlyEvents>(name: Name, act: PlotlyEvents[Name]): void,
 * }} PlotElement
 */

/**
 * @typedef {object} Plotly
 * @property {(stage: HTMLElement, data: Trace[], layout: Layout, config: object) => Promise<PlotElement>} newPlot
 * @property {(stage: HTMLElement, data: Trace[], layout: Layout, config: object) => Promise<PlotElement>} react
 * @property {(stage: HTMLElement, changes: Record<string, unknown>) => Promise<PlotElement>} relayout
 * @property {(stage: HTMLElement, changes: object, traces: number[]) => Promise<PlotElement>} restyle
 */

/** @type {Promise<Plotly>|null} */
let library = null;

/** plotly.js, fetched when something is first plotted: it is 4.8 MB. */
export function plotly() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = String(new URL("plotly/plotly.min.js", document.baseURI));
    script.onload = () => resolve(/** @type {{Plotly: Plotly}} */ (/** @type {unknown} */ (window)).Plotly);
    script.onerror = () => {
      library = null; // so that it can be tried again
      reject(new Fault("The part of the page that draws maps could not be loaded; is the app still running?", "away"));
    };
    document.head.append(script);
  });
  return library;
}
