import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { collect, type SubmissionInput } from "../../../src/grader/input/collect.js";
import { NamesFile } from "../../../src/grader/input/names-file.js";
import { namesLesson } from "../../../src/grader/submissions.js";
import { miniCourse } from "../../course/mini-course.js";
import { encrypted, oldFormat, tarOf, zip } from "./archives.js";

const folder = mkdtempSync(join(tmpdir(), "gradlab-collect-"));
afterAll(() => rmSync(folder, { recursive: true }));

const notebook = JSON.stringify({
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {},
  cells: [{ cell_type: "code", metadata: {}, source: "const x = 1;", outputs: [] }],
});

let count = 0;
function put(name: string, content: string | Buffer, modified?: string): string {
  const file = join(folder, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  if (modified !== undefined) utimesSync(file, new Date(modified), new Date(modified));
  return file;
}
const putZip = async (entries: Parameters<typeof zip>[0], name = `${count++}.zip`) =>
  put(name, await zip(entries));
const entriesOf = (...names: string[]) => names.map((name) => ({ name, content: notebook }));
const collectAll = (paths: string[], options: Parameters<typeof collect>[1] = {}) =>
  collect(paths, { namesLesson: namesLesson(miniCourse), ...options });

/** What was found: the student, and "read" or the reason, without the place. */
const outline = (inputs: readonly SubmissionInput[]) =>
  inputs.map(({ student, file, content }) => [
    student,
    "problem" in content ? content.problem.replace(`${file}: `, "") : "read",
  ]);
const students = (inputs: readonly SubmissionInput[]) => inputs.map(({ student }) => student);

describe("whose a file is", () => {
  test.for([
    ["a folder per student", ["anna/01-slope.ipynb", "ben/hw.ipynb"], ["anna", "ben"]],
    ["one more folder around", ["class/anna/01-slope.ipynb", "class/ben/x/y.ipynb"], ["anna", "ben"]],
    ["two more folders around", ["a/b/anna/x.ipynb", "a/b/ben/x.ipynb"], ["anna", "ben"]],
    [
      "one more folder around, and a file in it",
      ["class/anna/x.ipynb", "class/ben/x.ipynb", "class/sample.ipynb"],
      ["anna", "ben", "sample"],
    ],
    ["one student only", ["anna/homework.ipynb"], ["anna"]],
    ["files named by students", ["anna.ipynb", "ben.ts"], ["anna", "ben"]],
    ["these in one folder", ["class/anna.ipynb", "class/ben.ipynb"], ["anna", "ben"]],
    ["one student's lessons", ["anna/01-slope.ipynb", "anna/01-slope (1).ipynb"], ["anna", "anna"]],
    ["folders named by Windows", ["anna\\01-slope.ipynb", "ben\\x.ipynb"], ["anna", "ben"]],
    [
      "Moodle, folders",
      ["Berg Anna_123_assignsubmission_file_/x.ipynb", "Öz Ben_9_assignsubmission_file/a/x.ipynb"],
      ["123", "9"],
    ],
    ["Moodle, one student", ["Berg Anna_123_assignsubmission_file_/sub/x.ipynb"], ["123"]],
    ["Moodle, files", ["Berg Anna_123_assignsubmission_file_hw.ipynb"], ["123"]],
    ["Canvas", ["berganna_12_345_hw-1.ipynb", "özben_LATE_13_346_h_w.ipynb"], ["12", "13"]],
    [
      "Canvas in a folder",
      ["submissions/berganna_12_345_hw.ipynb", "submissions/oz_13_346_hw.ipynb"],
      ["12", "13"],
    ],
    [
      "names that imitate another layout",
      ["anna/oz_13_346_hw.ipynb", "ben/Berg Anna_1_assignsubmission_file_.ipynb"],
      ["anna", "ben"],
    ],
    [
      "imitations inside a Moodle folder",
      ["Berg Anna_123_assignsubmission_file_/Oz Ben_9_assignsubmission_file_/x.ipynb"],
      ["123"],
    ],
    ["names that differ by case", ["Anna/x.ipynb", "anna/x.ipynb"], ["Anna", "anna"]],
  ] as const)("%s", async ([, names, expected]) => {
    expect(students(await collectAll([await putZip(entriesOf(...names))]))).toEqual(expected);
  });

  test("letters with accents are the same, however a system writes them", async () => {
    const file = await putZip(entriesOf("Zo\u00eb/x.ipynb", "Zoe\u0308/y.ipynb", "ben/x.ipynb"));
    expect(students(await collectAll([file]))).toEqual(["Zo\u00eb", "Zo\u00eb", "ben"]);
  });

  test("the archive's name, if it holds nothing but lessons", async () => {
    const file = await putZip(entriesOf("01-slope.ipynb"), "anna berg.zip");
    expect(students(await collectAll([file]))).toEqual(["anna berg"]);
  });

  test("the name of a file that is named itself; of two of the same name the folder's", async () => {
    const files = ["s/anna/hw.ipynb", "s/ben/hw.ipynb", "s/carla.ipynb"].map((name) => put(name, notebook));
    expect(students(await collectAll(files))).toEqual(["anna", "ben", "carla"]);
  });

  test("Moodle's and Canvas's names are kept", async () => {
    const inputs = await collectAll([
      await putZip(entriesOf("Öz, Ben_9_assignsubmission_file_/x.ipynb")),
      await putZip(entriesOf("berganna_12_345_hw.ipynb")),
    ]);
    expect(inputs.map(({ name }) => name)).toEqual(["Öz, Ben", "berganna"]);
  });

  test("a Gradescope export says it in its metadata", async () => {
    const metadata = `---
submission_11:
  :submitters:
  - :name: Anna Berg
    :sid: '0042'
    :email: anna@example.org
  :created_at: 2026-01-02 03:04:05.000000000 Z
submission_12:
  :submitters:
  - :name: Ben Öz
    :email: ben@example.org
  - :name: Carla Mau
    :email: carla@example.org
`;
    const inputs = await collectAll([
      await putZip([
        ...entriesOf(
          "assignment_7_export/submission_11/x.ipynb",
          "assignment_7_export/submission_12/x.ipynb",
          "assignment_7_export/submission_13/x.ipynb",
        ),
        { name: "assignment_7_export/submission_metadata.yml", content: metadata },
      ]),
    ]);
    expect(inputs.map(({ student, name, email }) => [student, name, email])).toEqual([
      ["0042", "Anna Berg", "anna@example.org"],
      ["ben@example.org+carla@example.org", "Ben Öz, Carla Mau", "ben@example.org, carla@example.org"],
      ["submission_13", undefined, undefined],
    ]);
  });

  test("metadata and names that a student made up do not count", async () => {
    const forged = "submission_1:\n  :submitters:\n  - :name: Ben\n    :sid: ben\n";
    const inputs = await collectAll(
      [
        await putZip([
          ...entriesOf("anna/submission_1/x.ipynb", "ben/x.ipynb", "carla/ben/x.ipynb"),
          { name: "anna/submission_metadata.yml", content: forged },
        ]),
      ],
      { names: new NamesFile(put("forged.csv", "id,student\nben,b7\n")) },
    );
    expect(students(inputs)).toEqual(["anna", "b7", "carla"]);
  });

  test("metadata too large to be a class's are not read, and in one student's archive none are", async () => {
    const large = "submission_1:\n  :submitters:\n  - :sid: ben\n".padEnd(8 * 1024 * 1024 + 1, "#\n");
    const entries = [
      ...entriesOf("submission_1/x.ipynb"),
      { name: "submission_metadata.yml", content: large, compress: false },
    ];
    const file = await putZip(entries, "export/anna.zip");
    expect(outline(await collectAll([file]))).toEqual([
      ["submission_1", "read"],
      [
        "anna",
        expect.stringMatching(/^submission_metadata.yml is damaged or larger than 8 MB and was not read/),
      ],
    ]);
    expect(outline(await collectAll([dirname(file)]))).toEqual([["anna", "read"]]);
  });

  test("of several metadata the outermost count", async () => {
    const metadata = (sid: string) => `submission_1:\n  :submitters:\n  - :sid: ${sid}\n`;
    const inputs = await collectAll([
      await putZip([
        { name: "export/submission_1/submission_metadata.yml", content: metadata("forged") },
        ...entriesOf("export/submission_1/x.ipynb"),
        { name: "export/submission_metadata.yml", content: metadata("anna") },
      ]),
    ]);
    expect(students(inputs)).toEqual(["anna"]);
  });

  test("--student says it for all", async () => {
    const file = await putZip(entriesOf("a/x.ipynb", "b.ipynb"));
    expect(students(await collectAll([file], { student: "anna" }))).toEqual(["anna", "anna"]);
  });
});

describe("a file of names", () => {
  const names = (text: string | Buffer) => new NamesFile(put(`names-${count++}.csv`, text));

  test.for([
    ["id,student,name,email\n12,anna,Anna Berg,a@example.org\n", "a number of the LMS"],
    ["file,student,name,email\nberganna_12_345_hw.ipynb,anna,Anna Berg,a@example.org\n", "a file"],
    [
      '\uFEFFprefix;student;name;email\r\nberg;anna;"Anna Berg";a@example.org\r\n',
      "a beginning; semicolons, Windows",
    ],
  ] as const)("%j", async ([text]) => {
    const [input] = await collectAll([await putZip(entriesOf("berganna_12_345_hw.ipynb"))], {
      names: names(text),
    });
    expect(input).toMatchObject({ student: "anna", name: "Anna Berg", email: "a@example.org" });
  });

  test("several files of one student", async () => {
    const table = names("file,student\nhw-1.ipynb,anna\nhw-2.ipynb,anna\n");
    const inputs = await collectAll([await putZip(entriesOf("hw-1.ipynb", "hw-2.ipynb"))], { names: table });
    expect(students(inputs)).toEqual(["anna", "anna"]);
  });

  test("one in another encoding is refused: it would give nobody their name", () => {
    expect(() => names(Buffer.from("id,student\n1,Zo\u00eb\n", "latin1"))).toThrow(
      'neither UTF-8 nor UTF-16: save it as UTF-8 (Excel: "CSV UTF-8")',
    );
  });

  test("surname and first name", async () => {
    const table = names('id,last_name,first_name\nanna,"Berg, von","Anna ""A"""\nben,Oz,Ben\n');
    const [input] = await collectAll([await putZip(entriesOf("anna/x.ipynb"))], { names: table });
    expect(input).toMatchObject({ student: "anna", name: 'Berg, von, Anna "A"' });
    expect(table.unused).toMatch(/nothing handed in by ben$/);
  });

  test.for([
    ["who,student\na,b\n", 'unknown column "who"'],
    ["student,name\na,b\n", "expected one of the columns file, prefix, id"],
    ["id,student\na,b\na,c\n", "two lines for a"],
    ["id,student\n1,b\n2,c\n3,b\n", 'lines 2 and 4 are both about the student "b"'],
    ["id,student\na,b\nb,\n", 'lines 2 and 3 are both about the student "b"'],
    ["id,student\n1,Zo\u00eb\n2,Zoe\u0308\n", "lines 2 and 3 are both"],
    ["id,student\n,b\n", "line 2 names no id"],
    ['id,student\na,"b\n', "line 2: a quote without its partner"],
  ] as const)("%j: %s", ([text, message]) => {
    expect(() => names(text)).toThrow(message);
  });
});

describe("what is hostile or broken costs nobody else anything, and is listed with the reason", () => {
  test.for([
    ["../evil.ipynb", "its name leads out of the archive"],
    ["ben/../../evil.ipynb", "its name leads out of the archive"],
    ["/etc/evil.ipynb", "its name leads out of the archive"],
    ["C:/evil.ipynb", "its name leads out of the archive"],
    ["ben\\..\\..\\evil.ts", "its name leads out of the archive"],
    ["../.bashrc", "its name leads out of the archive"],
  ] as const)("%s", async ([name, reason]) => {
    const inputs = await collectAll([await putZip(entriesOf("anna/x.ipynb", name))]);
    expect(inputs).toHaveLength(2);
    expect(outline(inputs)[0]).toEqual(["anna", "read"]);
    expect((inputs[1].content as { problem: string }).problem).toContain(reason);
  });

  test("links and devices, in zip and tar", async () => {
    const inputs = await collectAll([
      await putZip([
        ...entriesOf("anna/x.ipynb"),
        { name: "ben/x.ipynb", content: "../anna/x.ipynb", mode: 0o120777 },
      ]),
      put(
        "links.tar",
        await tarOf([
          { name: "carla/x.ipynb", content: notebook },
          { name: "dan/x.ipynb", type: "symlink", linkname: "/etc/passwd" },
          { name: "eva/x.ipynb", type: "link", linkname: "carla/x.ipynb" },
          { name: "fay/x.ipynb", type: "fifo" },
        ]),
      ),
    ]);
    expect(outline(inputs)).toEqual([
      ["anna", "read"],
      ["ben", "a symbolic link, which is not followed"],
      ["carla", "read"],
      ["dan", "a symbolic link, which is not followed"],
      ["eva", "a hard link, which is not followed"],
      ["fay", "no ordinary file"],
    ]);
  });

  test.skipIf(process.platform === "win32")("links in a folder", async () => {
    put("linked/anna/x.ipynb", notebook);
    mkdirSync(join(folder, "linked/ben"));
    symlinkSync("../anna/x.ipynb", join(folder, "linked/ben/x.ipynb"));
    symlinkSync("anna", join(folder, "linked/carla"));
    expect(outline(await collectAll([join(folder, "linked")]))).toEqual([
      ["carla", "a symbolic link, which is not followed"],
      ["anna", "read"],
      ["ben", "a symbolic link, which is not followed"],
    ]);
  });

  test("bombs: by ratio in a zip, by size, and the whole of a tar.gz", async () => {
    const zeros = Buffer.alloc(32 * 1024 * 1024);
    const random = Buffer.from(JSON.stringify({ a: "x".repeat(10) }).padEnd(65 * 1024 * 1024));
    const bomb = gzipSync(await tarOf([{ name: "dan/x.ipynb", content: " ".repeat(32 * 1024 * 1024) }]));
    const inputs = await collectAll([
      await putZip([
        ...entriesOf("anna/x.ipynb"),
        { name: "ben/x.ipynb", content: zeros },
        { name: "carla/x.ipynb", content: random, compress: false },
        ...entriesOf("eva/x.ipynb"),
      ]),
      put("bomb.tar.gz", bomb),
    ]);
    expect(outline(inputs)).toEqual([
      ["anna", "read"],
      ["ben", "not read, because it unpacks to more than 200 times its size"],
      ["carla", "larger than 64 MB: clear the notebook's outputs"],
      ["eva", "read"],
      ["dan", expect.stringContaining("unpacks to more than 200 times its size")],
      ["bomb", expect.stringContaining("unpacks to more than 200 times its size")],
    ]);
  });

  test("an archive in a folder is one student's and unpacks to no more than a student needs", async () => {
    const content = Buffer.alloc(8 * 1024 * 1024);
    const entries = Array.from({ length: 33 }, (_, i) => ({ name: `${i}.ipynb`, content }));
    const file = await putZip(entries, "large/anna.zip");
    const contents = (await collectAll([dirname(file)])).map((input) => input.content);
    expect(contents[31]).toHaveProperty("problem", expect.stringContaining("the JSON is damaged"));
    const problem = `${file}/32.ipynb: not read, because the archive unpacks to more than 256 MB`;
    expect(contents[32]).toEqual({ problem });
  }, 30_000);

  test("a tar of the oldest format is read, and what is odd in it refused", async () => {
    const tar = await tarOf([
      { name: "class/", type: "directory" },
      { name: "class/anna/x.ipynb", content: notebook },
      { name: "class/ben/x.ipynb", type: "symlink", linkname: "../anna/x.ipynb" },
      { name: "class/carla/x.ipynb", type: "character-device" },
      { name: "../dan/x.ipynb", content: notebook },
    ]);
    const damaged = oldFormat(tar);
    damaged[600] ^= 1;
    const outlines = [oldFormat(tar), damaged].map(async (bytes, i) =>
      outline(await collectAll([put(`old-${i}.tar`, bytes)])),
    );
    expect(await outlines[0]).toEqual([
      ["anna", "read"],
      ["ben", "a symbolic link, which is not followed"],
      ["carla", "no ordinary file"],
      [expect.stringContaining("dan"), "its name leads out of the archive"],
    ]);
    expect(await outlines[1]).toEqual([["old-1", expect.stringContaining("damaged or cut off")]]);
  });

  test("what is too large in a tar is passed over", async () => {
    const large = " ".repeat(65 * 1024 * 1024);
    const tar = await tarOf([
      { name: "anna/submission_metadata.yml", content: large },
      { name: "anna/x.ipynb", content: large },
      { name: "ben/x.ipynb", content: notebook },
    ]);
    expect(outline(await collectAll([put("large.tar", tar)]))).toEqual([
      ["anna", "larger than 64 MB: clear the notebook's outputs"],
      ["ben", "read"],
    ]);
  });

  test("archives in archives are not opened", async () => {
    const inner = await zip(entriesOf("x.ipynb"));
    const inputs = await collectAll([
      await putZip([...entriesOf("anna/x.ipynb"), { name: "ben/hw.zip", content: inner }]),
    ]);
    expect(outline(inputs)).toEqual([
      ["anna", "read"],
      ["ben", "an archive in an archive, which is not opened"],
    ]);
  });

  test("archives in a folder are one student's each", async () => {
    await putZip(entriesOf("hw/01-slope.ipynb"), "handed-in/anna.zip");
    await putZip(entriesOf("01-slope.ipynb"), "handed-in/berganna_12_345_hw.zip");
    put("handed-in/carla.zip", (await zip(entriesOf("x.ipynb"))).subarray(0, 60));
    put("handed-in/dan.tar.gz", gzipSync(await tarOf([{ name: "x.ipynb", content: notebook }])));
    expect(outline(await collectAll([join(folder, "handed-in")]))).toEqual([
      ["anna", "read"],
      ["12", "read"],
      ["carla", expect.stringContaining("the zip archive is damaged or cut off")],
      ["dan", "read"],
    ]);
  });

  test("an entry that has changed in its archive is called damaged", async () => {
    const bytes = await zip(entriesOf("anna/x.ipynb", "ben/x.ipynb").map((e) => ({ ...e, compress: false })));
    bytes[bytes.indexOf("const x = 1")] ^= 1;
    expect(outline(await collectAll([put("changed.zip", bytes)]))).toEqual([
      ["anna", "damaged in the archive (its checksum does not fit)"],
      ["ben", "read"],
    ]);
  });

  test("encrypted and truncated archives are called that", async () => {
    const whole = await zip(entriesOf("anna/x.ipynb", "ben/x.ipynb"));
    const tar = await tarOf([
      { name: "anna/x.ipynb", content: notebook },
      { name: "ben/x.ipynb", content: notebook.padEnd(5000) },
    ]);
    const inputs = await collectAll([
      put("locked.zip", encrypted(whole)),
      put("cut.zip", whole.subarray(0, whole.length - 30)),
      put("empty.zip", ""),
      put("cut.tar", tar.subarray(0, tar.length - 4000)),
      put("cut.tgz", gzipSync(tar).subarray(0, 40)),
    ]);
    const cutOff = expect.stringContaining("damaged or cut off");
    expect(outline(inputs)).toEqual([
      ["anna", "encrypted: hand it in without a password"],
      ["ben", "encrypted: hand it in without a password"],
      ["cut", cutOff],
      ["empty", cutOff],
      ["anna", "read"],
      ["ben", cutOff],
      ["cut", cutOff],
      ["cut", cutOff],
    ]);
  });

  test("what systems and editors leave behind is nothing; what else a student hands in alone is listed", async () => {
    const inputs = await collectAll([
      await putZip(
        entriesOf(
          "anna/x.ipynb",
          "anna/figure.png",
          "__MACOSX/anna/._x.ipynb",
          "anna/.ipynb_checkpoints/x-checkpoint.ipynb",
          ".DS_Store",
          "ben/hw.pdf",
          "carla/hw.rar",
          "Thumbs.db",
        ),
      ),
    ]);
    expect(outline(inputs)).toEqual([
      ["anna", "read"],
      ["ben", "neither a notebook (.ipynb) nor a module (.ts)"],
      ["carla", "not an archive that is read: expected zip, tar or tar.gz"],
    ]);
  });

  test("gradlab's own results in the folder are nobody's, and nothing that was handed in is taken for one", async () => {
    put("class/anna/x.ipynb", notebook);
    put("class/ben/hw.pdf", "");
    put("class/ben/journal.jsonl", "");
    put("class/carla/journal.jsonl", "");
    put("class/carla/below/x.ipynb.txt", notebook);
    for (const name of ["journal.jsonl", "journal.jsonl.lock", "grades.csv", "html/students/anna.html"])
      put(`class/results/${name}`, "");
    expect(outline(await collectAll([join(folder, "class")]))).toEqual([
      ["anna", "read"],
      ["ben", "neither a notebook (.ipynb) nor a module (.ts)"],
      ["carla", "read"],
    ]);
  });

  test("an empty archive or folder", async () => {
    mkdirSync(join(folder, "nothing"));
    const inputs = await collectAll([await putZip([], "void.zip"), join(folder, "nothing")]);
    expect(outline(inputs)).toEqual([
      ["void", "holds no notebooks (.ipynb) and no modules (.ts)"],
      ["nothing", "holds no notebooks (.ipynb) and no modules (.ts)"],
    ]);
  });

  test("two entries of one name are two files", async () => {
    expect(outline(await collectAll([await putZip(entriesOf("anna/x.ipynb", "anna/x.ipynb"))]))).toEqual([
      ["anna", "read"],
      ["anna", "read"],
    ]);
  });

  test("names with control characters, reversed writing and markup are text of one line", async () => {
    const names = [
      "\u001b[2J\u001b]0;owned\u0007ann\r\na",
      "\u202egnp.\u2066x",
      "<img src=x onerror=alert(1)>",
      "=cmd|' '!A1",
    ];
    const inputs = await collectAll([await putZip(entriesOf(...names.map((name) => `${name}/x.ipynb`)))]);
    expect(inputs).toHaveLength(4);
    for (const { student, file } of inputs) {
      expect(`${student} ${file}`).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    }
    expect(students(inputs).slice(2)).toEqual(names.slice(2));
  });
});

describe("files as they come", () => {
  const source = "/** @exercise slope */\r\nfunction slope(a, b) {\r\n  return 1;\r\n}\r\n";
  const lf = "/** @exercise slope */\nfunction slope(a, b) {\n  return 1;\n}";

  test.for([
    ["CRLF", Buffer.from(source)],
    ["UTF-8 with mark", Buffer.from(`\uFEFF${source}`)],
    ["UTF-16, little-endian", Buffer.from(`\uFEFF${source}`, "utf16le")],
    ["UTF-16, big-endian", Buffer.from(`\uFEFF${source}`, "utf16le").swap16()],
    ["old Mac", Buffer.from(source.replaceAll("\r\n", "\r"))],
  ] as const)("a module in %s", async ([, bytes]) => {
    const [{ content }] = await collectAll([put(`module-${count++}.ts`, bytes)]);
    expect("problem" in content ? content.problem : content.cells.at(-1)!.source).toBe(lf);
  });

  test("a notebook in CRLF with mark, and one that a browser renamed", async () => {
    const text = JSON.stringify(
      {
        nbformat: 4,
        metadata: {},
        cells: [{ cell_type: "code", metadata: {}, source: ["let x = 1;\r\n", "x"] }],
      },
      null,
      1,
    );
    for (const [name, bytes] of [
      ["crlf.ipynb", `\uFEFF${text.replaceAll("\n", "\r\n")}`],
      ["renamed.ipynb.json", text],
      ["renamed.ipynb.txt", text],
      ["LOUD.IPYNB", text],
    ] as const) {
      const [{ content, student }] = await collectAll([put(name, bytes)]);
      expect(content).toMatchObject({ cells: [{ source: "let x = 1;\nx" }] });
      expect(student).toBe(name.split(".")[0]);
    }
  });

  test.for([
    ["[]", "it has no list of cells"],
    ["null", "it has no list of cells"],
    ["{", "damaged or cut off"],
    ["", "damaged or cut off"],
    ['{"nbformat": {"toString": 1}, "cells": []}', "notebook format"],
    ['{"nbformat": 2, "cells": []}', "notebook format 2"],
    ['{"nbformat": 4, "cells": [null]}', "cell 1 has no type or source"],
    ['{"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code"}]}]}', "cell 1 has no type or source"],
    ['{"nbformat": 4, "cells": [], "metadata": {"kernelspec": {"language": "R"}}}', "a notebook in R"],
    [`${"[".repeat(200_000)}`, ""],
  ] as const)("a notebook that is none: %s", async ([text, reason]) => {
    const [{ content }] = await collectAll([put(`odd-${count++}.ipynb`, text)]);
    expect("problem" in content && content.problem).toContain(reason);
  });

  test("metadata of the wrong kind is no metadata", async () => {
    const text =
      '{"nbformat": 4, "cells": [], "metadata": {"kernelspec": {"language": {"toString": 1}}, "gradlab": 5}}';
    const [{ content }] = await collectAll([put("metadata.ipynb", text)]);
    expect(content).toEqual({ cells: [], prose: [] });
  });

  const noteOf = (source: string) =>
    JSON.stringify({ nbformat: 4, metadata: {}, cells: [{ cell_type: "markdown", metadata: {}, source }] });

  test.for([
    ["long.ts", `const x = "${"x".repeat(2_000_000)}";`, "2000013 characters of code; at most 1048576"],
    // Counted as it was handed in, not after the parser has taken `export default` out.
    [
      "whole.ts",
      `export default function f() {}\n//${"x".repeat(2_000_000)}`,
      "2000033 characters of code; at most 1048576",
    ],
    ["long.ipynb", noteOf("x".repeat(2_000_000)), "2000000 characters of Markdown; at most 1048576"],
  ] as const)("more than anyone writes is not read: %s", async ([name, text, problem]) => {
    const inputs = await collectAll([put(name, text)]);
    expect(outline(inputs)).toEqual([[name.split(".")[0], `${problem} are graded`]]);
  });

  test("a picture that an editor put into Markdown does not count as text", async () => {
    const picture = `![sketch](data:image/png;base64,${"iVBORw0KGgo/".repeat(200_000)}==)`;
    const [{ content }] = await collectAll([put("pasted.ipynb", noteOf(`Here: ${picture} See?`))]);
    expect(content).toMatchObject({ prose: [{ source: "Here: ![sketch](data:image/png;base64,…) See?" }] });
  });
});
