import { readText } from "../../course/notebook.js";
import { UserError } from "../../errors.js";
import { printable } from "../printable.js";
import { parseCsv } from "./csv.js";
import type { Owner } from "./owner.js";

const keyColumns = ["file", "prefix", "id"] as const;
const columns = [...keyColumns, "student", "name", "first_name", "last_name", "email"];

/**
 * Who is who, from a CSV file with a header: one of the columns `file`, `prefix` and `id` says which submissions a line is about,
 * `student`, `name` (or `first_name`, `last_name`) and `email` whose they are.
 */
export class NamesFile {
  readonly #file: string;
  readonly #owners = new Map<string, Owner>();
  readonly #used = new Set<string>();
  readonly #isPrefix: boolean;

  constructor(file: string) {
    this.#file = file;
    const [header = [], ...rows] = parseCsv(readText(file, { fatal: true }).normalize("NFC"), file);
    const names = header.map((name) => name.trim().toLowerCase().replaceAll(" ", "_"));
    const unknown = names.find((name) => !columns.includes(name));
    if (unknown !== undefined)
      throw new UserError(
        `${file}: unknown column ${JSON.stringify(unknown)}; known are ${columns.join(", ")}`,
      );
    const keys = keyColumns.filter((key) => names.includes(key));
    if (keys.length !== 1)
      throw new UserError(`${file}: expected one of the columns ${keyColumns.join(", ")} in its first line`);
    this.#isPrefix = keys[0] === "prefix";
    // Files and their beginnings may be several of one student, for several lessons.
    const lines = keys[0] === "id" ? new Map<string, number>() : undefined;
    rows.forEach((row, i) => {
      const get = (column: string) => printable(row[names.indexOf(column)] ?? "").trim();
      const key = normal(get(keys[0]));
      if (key === "") throw new UserError(`${file}: line ${i + 2} names no ${keys[0]}`);
      if (this.#owners.has(key)) throw new UserError(`${file}: two lines for ${get(keys[0])}`);
      const name = get("name") || [get("last_name"), get("first_name")].filter(Boolean).join(", ");
      const student = get("student") || get(keys[0]);
      const other = lines?.get(student);
      if (other !== undefined)
        throw new UserError(
          `${file}: lines ${other} and ${i + 2} are both about the student ${JSON.stringify(student)}, of whom only one ` +
            "submission for each lesson would count; if that is meant, call the column file instead of id",
        );
      lines?.set(student, i + 2);
      this.#owners.set(key, {
        student,
        ...(name !== "" && { name }),
        ...(get("email") !== "" && { email: get("email") }),
      });
    });
  }

  /** The owner that the file knows for a submission, by one of its names (`prefix`: by how one begins). */
  find(names: readonly string[]): Owner | undefined {
    const exact = names.map(normal);
    const key = this.#isPrefix
      ? [...this.#owners.keys()]
          .filter((prefix) => exact.some((candidate) => candidate.startsWith(prefix)))
          .sort((a, b) => b.length - a.length)[0]
      : exact.find((candidate) => this.#owners.has(candidate));
    if (key === undefined) return undefined;
    this.#used.add(key);
    return this.#owners.get(key);
  }

  /** A note on lines that no submission matched, or undefined: who handed in nothing, or a typing error. */
  get unused(): string | undefined {
    const missing = [...this.#owners]
      .filter(([key]) => !this.#used.has(key))
      .map(([, { student }]) => student);
    return missing.length > 0 ? `${this.#file}: nothing handed in by ${missing.join(", ")}` : undefined;
  }
}

/** Some systems write letters with accents as two characters. */
function normal(text: string): string {
  return text.normalize("NFC").replaceAll("\\", "/");
}
