import { escapeHtml } from "../../display/mime.js";

/** HTML that needs no more escaping. Only {@link html} makes it. */
class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}
export type { Html };

/** What may stand in a template: text, which is escaped; numbers; HTML; lists of these. `false` and `undefined` are nothing. */
type Part = string | number | false | undefined | Html | readonly Part[];

/** The one way to write HTML: whatever is put into the template is escaped, unless it was written in one itself. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(strings.map((literal, i) => literal + (i < parts.length ? render(parts[i]) : "")).join(""));
}

function render(part: Part): string {
  if (part === false || part === undefined) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map(render).join("");
  return escapeHtml(String(part));
}
