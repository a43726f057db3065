import { html, type Html } from "./html-template.js";
import { style, styleHash } from "./html-style.js";

// The page brings all it needs. Nothing is loaded and nothing runs, whatever may have found its way into it.
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;

/** A whole page. */
export function page(title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        ${style}
      </head>
      <body>
        ${body}
      </body>
    </html> `.text;
}

/** A share as a bar with its number in words; the drawing is for eyes only. */
export function bar(share: number, kind: "good" | "some" | "none"): Html {
  const width = Math.max(0, Math.min(100, share * 100)).toFixed(1);
  return html`<svg class="bar ${kind}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    <rect class="rail" width="100" height="8" />
    <rect class="fill" width="${width}" height="8" />
  </svg>`;
}

export function kindOf(share: number): "good" | "some" | "none" {
  return share >= 1 ? "good" : share > 0 ? "some" : "none";
}
