import { UserError } from "../../errors.js";

/** The rows of a CSV text (RFC 4180), separated by commas or, as some spreadsheets write it, semicolons. Empty lines are left out. */
export function parseCsv(text: string, file: string): string[][] {
  const firstLine = /^.*/.exec(text)![0];
  const separator = !firstLine.includes(",") && firstLine.includes(";") ? ";" : ",";
  const field = new RegExp(
    `(?:"((?:[^"]|"")*)"|([^"${separator}\\r\\n][^${separator}\\r\\n]*|))(${separator}|\\r\\n?|\\n|$)`,
    "y",
  );
  const rows: string[][] = [[]];
  while (field.lastIndex < text.length) {
    const at = field.lastIndex;
    const match = field.exec(text);
    if (!match)
      throw new UserError(
        `${file}: line ${text.slice(0, at).split(/\r\n?|\n/).length}: a quote without its partner`,
      );
    const [, quoted, plain, end] = match as (string | undefined)[];
    rows.at(-1)!.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end !== separator) rows.push([]);
  }
  return rows.filter((cells) => cells.some((cell) => cell !== ""));
}
