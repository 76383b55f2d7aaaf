/** Rows as spreadsheets take and give them: under which names columns are known, and how cells are written. */
import { nameOfField, nameOfFunction } from "./words";
import type { PlanFunction, Zone } from "../api/draft-types";
import { folded, textOf } from "../state/content";
import { type Column, COLUMNS, textOfCells } from "../state/pasted";
import { codes } from "../state/zone-colours";

/** Names of columns in dossiers (TT 16/2025/TT-BXD, class ChucNangSuDungDat_A) and in tables of decisions. */
const OTHERWISE: Readonly<Record<Column, readonly string[]>> = {
  label: ["ký hiệu", "ký hiệu ô đất", "ký hiệu lô đất", "tên ô", "lô đất", "kyHieuLoDat"],
  function: ["chức năng", "chức năng sử dụng đất", "loại đất", "chucNangSuDungDatMuc3"],
  land_use_code: ["mã đất", "mã loại đất", "maLoaiDat"],
  density: ["mật độ", "mật độ xây dựng", "mật độ xây dựng (%)", "mđxd", "mđxd (%)", "matDoXayDung"],
  storeys: ["tầng cao", "tầng cao xây dựng", "số tầng", "tầng cao (tầng)", "tangCaoXayDung"],
  floor_area_ratio: ["hệ số sử dụng đất", "hệ số sdđ", "hssdđ", "hsdd", "heSoSuDungDat"],
  population: ["dân số", "dân số (người)", "số người", "danSo"],
  area_m2: ["diện tích", "diện tích (m2)", "diện tích (m²)", "dienTich"],
  note: ["ghi chú", "ghiChu"],
};

/** Return what a first row of a block may say, without case and marks. */
export function headings(): ReadonlyMap<string, Column> {
  const names = new Map<string, Column>();
  for (const column of COLUMNS) {
    for (const name of [column, nameOfField(column), ...OTHERWISE[column]]) names.set(folded(name), column);
  }
  return names;
}

/** Return rows with their headings; pasted back, they change nothing. */
export function rowsAsText(zones: readonly Zone[], functions: readonly PlanFunction[], language: string): string {
  const known = codes(functions);
  const cell = (zone: Zone, column: Column): string => {
    // No groups of thousands: a spreadsheet would read them as it likes.
    if (column === "area_m2") return zone.area_m2.toFixed(1).replace(".", language === "en" ? "." : ",");
    const of = column === "function" ? known.get(zone.function) : undefined;
    return of === undefined ? textOf(zone, column) : nameOfFunction(of, language);
  };
  return textOfCells([COLUMNS.map(nameOfField), ...zones.map((zone) => COLUMNS.map((column) => cell(zone, column)))]);
}
