import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writeFileAtomic } from "../../write-file.js";
import type { GradeReport } from "../results.js";
import { reportFiles, studentFolders, type ReportName } from "./reports.js";

/**
 * Writes reports into a folder. What an earlier run wrote there on students who are gone is removed: it would be taken for a result
 * of this run.
 */
export function writeReports(out: string, report: GradeReport, names: readonly ReportName[]): void {
  const files = reportFiles(report, names);
  for (const { path, text } of files) writeFileAtomic(join(out, path), text);
  const written = new Set(files.map(({ path }) => path));
  for (const name of names) {
    const folder = studentFolders[name];
    if (folder !== undefined && existsSync(join(out, folder))) removeOthers(out, folder, written);
  }
}

/** Only what looks like a report: people may keep other things beside them. */
function removeOthers(out: string, folder: string, written: ReadonlySet<string>): void {
  for (const entry of readdirSync(join(out, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isFile() && /\.(html|json)$/.test(path) && !written.has(path)) rmSync(join(out, path));
  }
}
