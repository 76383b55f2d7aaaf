/** Numbers and places in the way of the page's language. */
import type { LonLat } from "../api/types";
import type { EastNorth } from "../crs/vn2000";

/** Writes numbers for one language; made once for the page. */
export class Format {
  private readonly degrees: Intl.NumberFormat;
  private readonly metres: Intl.NumberFormat;
  private readonly areas: Intl.NumberFormat;

  constructor(language: string) {
    const write = (digits: number): Intl.NumberFormat =>
      new Intl.NumberFormat(language, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      });
    this.degrees = write(6);
    this.metres = write(2);
    this.areas = write(1);
  }

  /** Latitude first, as people write it: "21,016281° B, 105,867675° Đ" has letters to be sure. */
  place([lon, lat]: LonLat, letters: { north: string; east: string }): string {
    return `${this.degrees.format(lat)}° ${letters.north} · ${this.degrees.format(lon)}° ${letters.east}`;
  }

  /** North and east in metres, to the centimetre, named by the letters of Vietnamese papers. */
  grid([east, north]: EastNorth): string {
    return `X ${this.metres.format(north)} · Y ${this.metres.format(east)}`;
  }

  area(area_m2: number): string {
    return `${this.areas.format(area_m2)}\u00a0m²`;
  }
}
