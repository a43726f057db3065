import type { DerivedFile } from "./derive.js";
import type { Lesson } from "./lesson.js";
import { splitSolutions } from "./solution-regions.js";

/** Shorter pieces of a solution (`return x;`) stand in given code too and tell nothing. */
const shortest = 24;

/** Which solution text is found in files that students get: whole regions, or lines that stand nowhere else in the master. */
export function leaks(lesson: Lesson, studentFiles: readonly DerivedFile[]): string[] {
  const solved = lesson.cells
    .filter((cell) => cell.kind === "exercise" || cell.kind === "written")
    .map((cell) => splitSolutions(cell));
  const given = squeeze(
    [
      ...lesson.cells
        .filter(({ kind }) => kind !== "exercise" && kind !== "written")
        .map(({ source }) => source),
      ...solved.flatMap(({ given }) => given),
    ].join("\n"),
  );
  const regions = solved.flatMap(({ regions }) => regions);
  const lines = regions
    .flatMap((region) => region.split("\n"))
    .filter((line) => !given.includes(squeeze(line)));
  const secrets = [...new Set([...regions, ...lines].map(squeeze))].filter((text) => text.length >= shortest);
  return studentFiles.flatMap(({ file, text }) => {
    // Notebooks and manifests hold code as JSON strings.
    const content = squeeze(file.endsWith(".ts") ? text : unescapeJson(text));
    return secrets
      .filter((secret) => content.includes(secret))
      .map((secret) => `${file} gives a solution away: ${secret}`);
  });
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** All strings of a JSON document, one after the other. */
function unescapeJson(text: string): string {
  const strings: string[] = [];
  JSON.parse(text, (_key, value: unknown) => {
    if (typeof value === "string") strings.push(value);
    return value;
  });
  return strings.join(" ");
}
