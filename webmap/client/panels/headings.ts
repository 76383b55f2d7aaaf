/** Under which names columns are known in spreadsheets. */
import { nameOfField } from "./words";
import { folded } from "../state/content";
import { type Column, COLUMNS } from "../state/pasted";

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
