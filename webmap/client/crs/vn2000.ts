/** Coordinates in the city's VN-2000 zone, by the definitions that the server pins. */
import proj4 from "proj4";

import type { CrsDefinition, LonLat } from "../api/types";

/** East and north in metres, in this order. */
export type EastNorth = readonly [number, number];

/**
 * One VN-2000 zone.
 *
 * The definition carries the official datum parameters: a definition by code alone would be up to
 * 225 m off, and 0.8 m with PROJ's own choice in the south.
 */
export class Vn2000 {
  private readonly converter: proj4.Converter;

  constructor(
    readonly epsg: number,
    readonly name: string,
    definition: string,
  ) {
    this.converter = proj4("WGS84", definition);
  }

  /** Return the zone `epsg` out of what the server lists; throws where it does not list it. */
  static among(definitions: readonly CrsDefinition[], epsg: number): Vn2000 {
    const found = definitions.find((definition) => definition.epsg === epsg);
    if (found === undefined) throw new RangeError(`the server lists no EPSG:${epsg}`);
    return new Vn2000(found.epsg, found.name, found.proj4);
  }

  /** Longitude and latitude (WGS 84) to metres. */
  fromLonLat([lon, lat]: LonLat): EastNorth {
    const [x, y] = this.converter.forward([lon, lat]);
    return [x, y];
  }

  /** Metres to longitude and latitude (WGS 84). */
  toLonLat([east, north]: EastNorth): LonLat {
    const [lon, lat] = this.converter.inverse([east, north]);
    return [lon, lat];
  }
}
