/** The letters of map and page: a typeface drawn for Vietnamese, served by ourselves. */
export const FONT = "Be Vietnam Pro";
