import { stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { decodeText } from "../../course/notebook.js";
import { messageOf, UserError } from "../../errors.js";
import { printable } from "../printable.js";
import { isSubmissionName, parseSubmission, type RawSubmission } from "../submissions.js";
import { archiveKind, readArchive } from "./archive.js";
import { isJunk, partsOf, type Entries, type Entry } from "./entry.js";
import { readFolder, readPlain } from "./folder.js";
import { gradescopeMetadata, gradescopeOwners, metadataUnread } from "./gradescope-export.js";
import { limits } from "./limits.js";
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
      located = locate(await findAll(readArchive(path, kind, limits.classBytes), path), path, namesLesson);
    else {
      const twins = paths.filter((_, j) => j !== i && stems[j] === stems[i]).map(folderOf);
      // Files of one name in different folders are different students'.
      const isAmbiguous = twins.length > 0 && !twins.includes(folderOf(path));
      const whose = isAmbiguous ? owner(basename(folderOf(path))) : ownerOfFile(basename(path));
      const content = status
        ? await contentOf(path, () => readPlain(path, true))
        : { problem: `${path}: no such file` };
      const modified = status && { modified: status.mtime };
      const names = [path, basename(path), whose.student];
      located = [{ names, input: { ...whose, file: path, ...modified, content } }];
    }
    for (const { names: own, input } of located) {
      const known = student === undefined ? names?.find(own) : { student };
      inputs.push({ ...input, ...known });
    }
  }
  return inputs;
}

function folderOf(path: string): string {
  return dirname(resolve(path));
}

interface LocatedInput {
  /** What a file of names may call it: its path, the folder or file that told its owner, and the owner. */
  names: readonly string[];
  input: SubmissionInput;
}

/** `parts` are undefined if its name leads out of the archive. */
type Found = Omit<SubmissionInput, keyof Owner> & { parts: string[] | undefined; candidate: boolean };

interface Finding {
  found: Found[];
  /** Gradescope's metadata, the outermost there are, and the folder they lie in. Parsed only if they count; no bytes if that is not possible. */
  metadata: { folder: string[]; bytes: Buffer | undefined } | undefined;
  /** What keeps the rest from being read. */
  failure?: string;
}

function locate(
  { found, metadata, failure }: Finding,
  root: string,
  namesLesson: (stem: string) => boolean,
): LocatedInput[] {
  const collection = stemOf(basename(resolve(root)), /\.(zip|tar|tgz|tar\.gz)$/i);
  const safe = found.filter((one): one is Found & { parts: string[] } => one.parts !== undefined);
  const isUnder = (parts: readonly string[], folder: readonly string[]) =>
    folder.every((part, i) => parts[i] === part);
  // Students can hand in such a file, too: it counts only where everything lies beside it.
  const told = metadata && safe.every(({ parts }) => isUnder(parts, metadata.folder)) ? metadata : undefined;
  const owners = told?.bytes && gradescopeOwners(decodeText(told.bytes));
  const guesses = ownersOf(safe, collection, namesLesson).map(({ owner: guess, from }, i) => {
    const folder = safe[i].parts[told?.folder.length ?? 0];
    return { from, owner: owners?.get(folder) ?? guess };
  });
  const answered = new Set(
    guesses.filter((_, i) => safe[i].candidate).map(({ owner: { student } }) => student),
  );
  const located = safe.flatMap(({ parts, candidate, ...rest }, i): LocatedInput[] => {
    const { owner: whose, from } = guesses[i];
    // Pictures and the like beside a notebook are nothing to grade; alone they are what a student handed in.
    if (!candidate && answered.has(whose.student)) return [];
    return [{ names: [parts.join("/"), from, whose.student], input: { ...rest, ...whose } }];
  });
  for (const { file, content, parts } of found)
    if (parts === undefined) located.push({ names: [], input: { ...owner(file), file, content } });
  const problems = [
    ...(told && !told.bytes ? [metadataUnread] : []),
    ...(failure !== undefined ? [failure] : []),
  ];
  if (located.length === 0 && problems.length === 0)
    problems.push("holds no notebooks (.ipynb) and no modules (.ts)");
  for (const problem of problems)
    located.push({
      names: [],
      input: { ...owner(collection), file: root, content: { problem: `${root}: ${problem}` } },
    });
  return located;
}

/** All entries that may matter, read as far as they can be. `openArchive` answers for files that may be archives. */
async function findAll(
  entries: Entries,
  root: string,
  openArchive?: (parts: string[], root: string) => Promise<Found[] | undefined>,
): Promise<Finding> {
  const found: Found[] = [];
  let metadata: Finding["metadata"];
  try {
    for await (const entry of entries) {
      const parts = partsOf(entry.name);
      if (parts === undefined) {
        const file = `${root}/${printable(entry.name)}`;
        const problem = `${file}: its name leads out of the archive`;
        found.push({ file, parts, candidate: true, content: { problem } });
      } else if (isJunk(parts)) {
        continue;
      } else if (parts.at(-1) === gradescopeMetadata && entry.obstacle === undefined) {
        const folder = parts.slice(0, -1);
        if (metadata && metadata.folder.length <= folder.length) continue;
        const bytes = await entry.read().catch(() => undefined);
        metadata = { folder, bytes: bytes && bytes.length <= limits.metadataBytes ? bytes : undefined };
      } else {
        const inside = entry.obstacle === undefined ? await openArchive?.(parts, root) : undefined;
        for (const one of inside ?? [await foundIn(entry, parts, root)]) found.push(one);
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
  const { found, failure } = await findAll(readArchive(path, kind, limits.studentBytes), path);
  const problem = failure ?? (found.length === 0 ? notSubmission("") : undefined);
  return [
    ...found.map((inner) => ({ ...inner, parts: [...parts, ...(inner.parts ?? [])] })),
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
