import { stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { decodeText } from "../../course/notebook.js";
import { messageOf, UserError } from "../../errors.js";
import { printable } from "../printable.js";
import { isSubmissionName, parseSubmission, type RawSubmission } from "../submissions.js";
import { archiveKind, readArchive } from "./archive.js";
import { isJunk, partsOf, type Entries, type Entry } from "./entry.js";
import { readFolder, readPlain } from "./folder.js";
import { gradescopeMetadata, gradescopeOwners } from "./gradescope-export.js";
import type { NamesFile } from "./names-file.js";
import { owner, ownerOfFile, ownersOf, stemOf, type Owner } from "./owner.js";

/** One file that somebody handed in: read, or why it cannot be. */
export interface SubmissionInput extends Owner {
  /** Where it is; in an archive: the archive, a slash, the path in there. */
  file: string;
  modified?: Date;
  content: RawSubmission | Unreadable;
}

/** Why a file cannot be graded. */
export interface Unreadable {
  problem: string;
}

export interface CollectOptions {
  /** Whether a file of this name is named after a lesson, not after a student. */
  namesLesson?: (stem: string) => boolean;
  names?: NamesFile;
  /** All files are this student's. */
  student?: string;
}

/**
 * Everything that was handed in: of paths that are notebooks or modules these, of folders and archives what is in them. Whatever cannot be
 * read is in the list, too, with the reason. Archives are read entry by entry, in memory; nothing is unpacked to a disk.
 */
export async function collect(
  paths: readonly string[],
  { namesLesson = () => false, names, student }: CollectOptions = {},
): Promise<SubmissionInput[]> {
  const inputs: SubmissionInput[] = [];
  const stems = paths.map((path) => ownerOfFile(basename(path)).student);
  for (const [i, path] of paths.entries()) {
    const status = await stat(path).catch(() => undefined);
    const kind = status?.isFile() ? await archiveKind(path) : undefined;
    let located: LocatedInput[];
    if (status?.isDirectory())
      located = locate(await findAll(readFolder(path), path, findInArchive), path, namesLesson);
    else if (kind !== undefined)
      located = locate(await findAll(readArchive(path, kind), path), path, namesLesson);
    else {
      const twins = paths.filter((_, j) => j !== i && stems[j] === stems[i]).map(folderOf);
      // Files of one name in different folders are different students'.
      const isAmbiguous = twins.length > 0 && !twins.includes(folderOf(path));
      const whose = isAmbiguous ? owner(basename(folderOf(path))) : ownerOfFile(basename(path));
      const content = status
        ? await contentOf(path, () => readPlain(path, true))
        : { problem: `${path}: no such file` };
      const modified = status && { modified: status.mtime };
      located = [{ parts: [basename(path)], input: { ...whose, file: path, ...modified, content } }];
    }
    for (const { parts, input } of located) {
      const known = student === undefined ? names?.find(parts, input) : { student };
      inputs.push({ ...input, ...known });
    }
  }
  return inputs;
}

function folderOf(path: string): string {
  return dirname(resolve(path));
}

interface LocatedInput {
  parts: readonly string[];
  input: SubmissionInput;
}

type Found = Omit<SubmissionInput, keyof Owner> & { parts: string[]; candidate: boolean };

interface Finding {
  found: Found[];
  /** Owners by folder, where a file in the archive tells them. */
  metadata: Map<string, Owner>;
  /** What keeps the rest from being read. */
  failure?: string;
}

function locate(
  { found, metadata, failure }: Finding,
  root: string,
  namesLesson: (stem: string) => boolean,
): LocatedInput[] {
  const collection = stemOf(basename(resolve(root)), /\.(zip|tar|tgz|tar\.gz)$/i);
  const owners = ownersOf(found, collection, namesLesson).map((guess, i) => {
    const folder = found[i].parts.find((part) => metadata.has(part));
    return folder === undefined ? guess : metadata.get(folder)!;
  });
  const answered = new Set(owners.filter((_, i) => found[i].candidate).map(({ student }) => student));
  const located = found.flatMap(({ parts, candidate, ...rest }, i): LocatedInput[] => {
    // Pictures and the like beside a notebook are nothing to grade; alone they are what a student handed in.
    if (!candidate && answered.has(owners[i].student)) return [];
    return [{ parts, input: { ...rest, ...owners[i] } }];
  });
  const nothing =
    located.length === 0 ? `${root}: holds no notebooks (.ipynb) and no modules (.ts)` : undefined;
  const problem = failure === undefined ? nothing : `${root}: ${failure}`;
  if (problem !== undefined)
    located.push({ parts: [], input: { ...owner(collection), file: root, content: { problem } } });
  return located;
}

/** All entries that may matter, read as far as they can be. `openArchive` answers for files that may be archives. */
async function findAll(
  entries: Entries,
  root: string,
  openArchive?: (parts: string[], root: string) => Promise<Found[] | undefined>,
): Promise<Finding> {
  const found: Found[] = [];
  const metadata: Finding["metadata"] = new Map();
  try {
    for await (const entry of entries) {
      const parts = partsOf(entry.name);
      if (parts === undefined) {
        const file = `${root}/${printable(entry.name)}`;
        const problem = `${file}: its name leads out of the archive`;
        found.push({ file, parts: [entry.name], candidate: true, content: { problem } });
      } else if (isJunk(parts)) {
        continue;
      } else if (parts.at(-1) === gradescopeMetadata && entry.obstacle === undefined) {
        const text = decodeText(await entry.read());
        for (const [folder, whose] of gradescopeOwners(text)) metadata.set(folder, whose);
      } else {
        const inside = entry.obstacle === undefined ? await openArchive?.(parts, root) : undefined;
        found.push(...(inside ?? [await foundIn(entry, parts, root)]));
      }
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { found, metadata, failure: error.message };
  }
  return { found, metadata };
}

async function foundIn({ modified, obstacle, read }: Entry, parts: string[], root: string): Promise<Found> {
  const file = `${root}/${printable(parts.join("/"))}`;
  const candidate = isSubmissionName(parts.at(-1)!);
  const problem = obstacle ?? (candidate ? undefined : notSubmission(parts.at(-1)!));
  const content = problem === undefined ? await contentOf(file, read) : { problem: `${file}: ${problem}` };
  return { file, parts, candidate, ...(modified && { modified }), content };
}

/** An archive in a folder is opened, one in an archive is not: that is how bombs are built. */
async function findInArchive(parts: string[], root: string): Promise<Found[] | undefined> {
  const path = join(root, ...parts);
  const kind = isSubmissionName(path) ? undefined : await archiveKind(path);
  if (kind === undefined) return undefined;
  const { found, failure } = await findAll(readArchive(path, kind), path);
  const problem = failure ?? (found.length === 0 ? notSubmission("") : undefined);
  return [
    ...found.map((inner) => ({ ...inner, parts: [...parts, ...inner.parts] })),
    ...(problem === undefined
      ? []
      : [{ file: path, parts, candidate: true, content: { problem: `${path}: ${problem}` } }]),
  ];
}

function notSubmission(name: string): string {
  if (/\.(zip|tar|tgz|tar\.gz)$/i.test(name)) return "an archive in an archive, which is not opened";
  if (/\.(rar|7z|gz|bz2|xz|zst)$/i.test(name))
    return "not an archive that is read: expected zip, tar or tar.gz";
  return "neither a notebook (.ipynb) nor a module (.ts)";
}

async function contentOf(file: string, read: () => Promise<Buffer>): Promise<SubmissionInput["content"]> {
  let bytes: Buffer;
  try {
    bytes = await read();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { problem: `${file}: ${error.message}` };
  }
  try {
    return parseSubmission(file, bytes);
  } catch (error) {
    // Whatever a file does to its reader, the others are graded.
    return {
      problem: error instanceof UserError ? error.message : `${file}: cannot be read: ${messageOf(error)}`,
    };
  }
}
