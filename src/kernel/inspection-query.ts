/** A name or a path of names, and maybe the call of it: what documentation may be asked for. */
const query = /^(?:\?{1,2}\s*([\w$.]+)|([\w$.]+)(?:\(\))?\s*\?{1,2});?$/u;

/** The name that a cell asks about, in IPython's way: `name?` or `?name`. TypeScript has no such statement. */
export function inspectionQuery(code: string): string | undefined {
  const [, behind, before] = query.exec(code.trim()) ?? [];
  return behind ?? before;
}
