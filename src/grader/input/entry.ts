/** Something in a folder or an archive, before anyone looked at what it is. */
export interface Entry {
  /** Its name as it stands there, with folders. Not to be trusted. */
  name: string;
  modified?: Date;
  /** Why it cannot be read at all: a link, a device, encrypted. */
  obstacle?: string;
  /** Reads it, at most once and before the next entry is asked for. @throws UserError with the reason */
  read: () => Promise<Buffer>;
}

/** Where entries come from. Ends with a {@link UserError} if the rest cannot be read. */
export type Entries = AsyncIterable<Entry>;

/** For entries with an obstacle, which nobody reads. */
export const unread = (): Promise<Buffer> => Promise.reject(new Error("an entry with an obstacle was read"));

/**
 * The parts of an entry's name, or undefined if it leads out of its folder or archive. Nothing is ever written under such a name;
 * but it tells whose the file is, and a false one must not pass as somebody else's.
 */
export function partsOf(name: string): string[] | undefined {
  const path = name.replaceAll("\\", "/");
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  const leadsOut =
    path.startsWith("/") || /^[a-z]:/i.test(path) || parts.includes("..") || path.includes("\0");
  return leadsOut || parts.length === 0 ? undefined : parts;
}

/** What systems and editors leave behind; nobody hands that in. */
export function isJunk(parts: readonly string[]): boolean {
  return parts.some(
    (part) => part.startsWith(".") || /^(__MACOSX|node_modules|Thumbs\.db|desktop\.ini)$/i.test(part),
  );
}
