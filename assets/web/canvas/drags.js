// What gestures need of a canvas, and what a press takes hold of. Types only.

/**
 * @import {Corners} from "../core/corners.js"
 * @import {Box, Handle, Point} from "./box_geometry.js"
 * @import {Size, Viewport} from "./viewport.js"
 */

/** @typedef {"box" | "pan"} Tool */

/**
 * @typedef {{
 *   stage: HTMLElement,
 *   view: Viewport,
 *   tool: Tool,
 *   picture: Size | null,
 *   boxes: Box[],
 *   readonly selected: Box | null,
 *   selectedId: number | null,
 *   add(corners: Corners): Box,
 *   select(id: number | null): void,
 *   zoom(factor: number, point: Point): void,
 *   hover(point: Point | null): void,
 *   report(sentence: string): void,
 *   finishNudge(): void,
 *   refreshView(): void,
 *   redraw(): void,
 *   rest(): void,
 *   changed(box: Box): void,
 *   finished(box: Box): void,
 *   settle(box: Box): void,
 * }} GestureCanvas
 */

/**
 * Nothing yet ("draw", which makes a box), or a box whose corners were such; `again`: it was chosen before.
 *
 * @typedef {{from: Point, started?: boolean, again?: boolean}} Press
 * @typedef {Press & {kind: "pan", box?: undefined}} PanDrag
 * @typedef {Press & {kind: "pinch", box?: undefined}} PinchDrag
 * @typedef {Press & {kind: "draw", box: Box | null, start: Point, selectedBefore: number | null}} DrawDrag
 * @typedef {Press & {kind: "move", box: Box, corners: Corners}} MoveDrag
 * @typedef {Press & {kind: "resize", box: Box, corners: Corners, handle: Handle}} ResizeDrag
 * @typedef {DrawDrag | MoveDrag | ResizeDrag} BoxDrag
 * @typedef {PanDrag | PinchDrag | BoxDrag} Drag
 */

export {};
