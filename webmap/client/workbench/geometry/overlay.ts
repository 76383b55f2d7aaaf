/**
 * Overlay of surfaces by JSTS (the JavaScript form of the JTS Topology Suite).
 *
 * Imported when a tool first needs it: it is larger than the rest of the workbench. Vertices that an
 * operation does not make anew come out with the very doubles that went in.
 */
import Coordinate from "jsts/org/locationtech/jts/geom/Coordinate.js";
import GeometryFactory from "jsts/org/locationtech/jts/geom/GeometryFactory.js";
import BufferOp from "jsts/org/locationtech/jts/operation/buffer/BufferOp.js";
import BufferParameters from "jsts/org/locationtech/jts/operation/buffer/BufferParameters.js";
import OverlayOp from "jsts/org/locationtech/jts/operation/overlay/OverlayOp.js";
import SnapIfNeededOverlayOp from "jsts/org/locationtech/jts/operation/overlay/snap/SnapIfNeededOverlayOp.js";
import Polygonizer from "jsts/org/locationtech/jts/operation/polygonize/Polygonizer.js";
import IsValidOp from "jsts/org/locationtech/jts/operation/valid/IsValidOp.js";

import type { EastNorth, Ring, Surface } from "../../api/draft-types";
import { surfaceOf } from "./surfaces";

/** What we use of JSTS; its own types say `any` throughout. */
interface Shape {
  readonly isEmpty: () => boolean;
  readonly getNumGeometries: () => number;
  readonly getGeometryN: (n: number) => Shape;
  readonly getGeometryType: () => string;
  readonly getCoordinates: () => readonly { readonly x: number; readonly y: number }[];
  readonly getExteriorRing: () => Shape;
  readonly getNumInteriorRing: () => number;
  readonly getInteriorRingN: (n: number) => Shape;
}
interface Factory {
  readonly createLinearRing: (points: readonly unknown[]) => Shape;
  readonly createLineString: (points: readonly unknown[]) => Shape;
  readonly createMultiLineString: (lines: readonly Shape[]) => Shape;
  readonly createPolygon: (outer: Shape, holes: readonly Shape[]) => Shape;
  readonly createMultiPolygon: (polygons: readonly Shape[]) => Shape;
}
interface Polygonizing {
  readonly add: (lines: Shape) => void;
  readonly getPolygons: () => { readonly toArray: () => readonly Shape[] };
}
interface Parameters {
  readonly setEndCapStyle: (style: number) => void;
  readonly setJoinStyle: (style: number) => void;
  readonly setMitreLimit: (limit: number) => void;
  readonly setQuadrantSegments: (segments: number) => void;
}

const factory = new GeometryFactory() as unknown as Factory;
const overlayOp = (SnapIfNeededOverlayOp as unknown as { overlayOp: (a: Shape, b: Shape, code: number) => Shape }).overlayOp;
const codes = OverlayOp as unknown as Readonly<Record<"UNION" | "DIFFERENCE" | "INTERSECTION", number>>;
const isValid = (IsValidOp as unknown as { isValid: (shape: Shape) => boolean }).isValid;
const NewPolygonizer = Polygonizer as unknown as new () => Polygonizing;
const NewParameters = BufferParameters as unknown as new () => Parameters;
const styles = BufferParameters as unknown as Readonly<
  Record<"CAP_FLAT" | "CAP_ROUND" | "JOIN_MITRE" | "JOIN_ROUND", number>
>;
const bufferOp = (BufferOp as unknown as { bufferOp: (shape: Shape, metres: number, how: Parameters) => Shape }).bufferOp;

/** How corners of a buffer are drawn. */
export type Corners = "round" | "sharp";

function points(ring: Ring): unknown[] {
  return ring.map(([east, north]) => new Coordinate(east, north));
}

function shapeOf(surface: Surface): Shape {
  return factory.createMultiPolygon(
    surface.coordinates.map(([outer, ...holes]) =>
      factory.createPolygon(
        factory.createLinearRing(points(outer ?? [])),
        holes.map((hole) => factory.createLinearRing(points(hole))),
      ),
    ),
  );
}

function linesOf(rings: readonly Ring[]): Shape {
  return factory.createMultiLineString(rings.map((ring) => factory.createLineString(points(ring))));
}

function ringOf(shape: Shape): EastNorth[] {
  return shape.getCoordinates().map(({ x, y }) => [x, y]);
}

/** The polygons in a result; points and lines, as where two zones only touch, are no ground. */
function back(shape: Shape): Surface {
  const polygons: Ring[][] = [];
  const take = (one: Shape): void => {
    if (one.isEmpty()) return;
    if (one.getGeometryType() === "Polygon") {
      const holes = Array.from({ length: one.getNumInteriorRing() }, (_, n) => ringOf(one.getInteriorRingN(n)));
      polygons.push([ringOf(one.getExteriorRing()), ...holes]);
    } else if (one.getNumGeometries() > 1 || one.getGeometryN(0) !== one) {
      for (let n = 0; n < one.getNumGeometries(); n++) take(one.getGeometryN(n));
    }
  };
  take(shape);
  return surfaceOf(polygons);
}

/** Whether the rings do not cross themselves or each other. */
export function isSound(surface: Surface): boolean {
  return isValid(shapeOf(surface));
}

export function union(surfaces: readonly Surface[]): Surface {
  const [first, ...others] = surfaces;
  if (first === undefined) return surfaceOf([]);
  return back(others.reduce((sum, one) => overlayOp(sum, shapeOf(one), codes.UNION), shapeOf(first)));
}

export function difference(whole: Surface, gone: Surface): Surface {
  if (gone.coordinates.length === 0) return whole;
  return back(overlayOp(shapeOf(whole), shapeOf(gone), codes.DIFFERENCE));
}

export function intersection(one: Surface, other: Surface): Surface {
  return back(overlayOp(shapeOf(one), shapeOf(other), codes.INTERSECTION));
}

/** The faces that lines enclose, lines crossing one another being cut at the crossings. */
export function faces(lines: readonly Ring[]): Surface[] {
  let noded: Shape | null = null;
  for (const line of lines) {
    const one = linesOf([line]);
    noded = overlayOp(noded ?? one, one, codes.UNION);
  }
  if (noded === null) return [];
  const polygonizer = new NewPolygonizer();
  polygonizer.add(noded);
  return polygonizer.getPolygons().toArray().map(back);
}

function parameters(corners: Corners, cap: "flat" | "round"): Parameters {
  const how = new NewParameters();
  how.setEndCapStyle(cap === "flat" ? styles.CAP_FLAT : styles.CAP_ROUND);
  how.setJoinStyle(corners === "sharp" ? styles.JOIN_MITRE : styles.JOIN_ROUND);
  how.setMitreLimit(5);
  how.setQuadrantSegments(12);
  return how;
}

/** The ground within `metres` of a surface; less than zero shrinks it. */
export function buffer(surface: Surface, metres: number, corners: Corners): Surface {
  return back(bufferOp(shapeOf(surface), metres, parameters(corners, "round")));
}

/** The ground within `metres` of a line on both sides, cut off at its ends. */
export function strip(line: Ring, metres: number, corners: Corners): Surface {
  return back(bufferOp(linesOf([line]), metres, parameters(corners, "flat")));
}
