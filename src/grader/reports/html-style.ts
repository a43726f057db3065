import { createHash } from "node:crypto";
import { html } from "./html-template.js";

/** The style of all pages: light and dark, narrow and wide, screen and paper. */
export const style = html`<style>
  :root {
    color-scheme: light dark;
    --ground: #f6f7f9;
    --card: #ffffff;
    --ink: #1b1f24;
    --soft: #57606a;
    --line: #d8dee4;
    --rail: #e6eaef;
    --good: #1a7f37;
    --some: #9a6700;
    --none: #cf222e;
    --accent: #0550ae;
    --hint: #eef4fc;
  }
  @media (prefers-color-scheme: dark) {
    :root {
      --ground: #0f1318;
      --card: #171c23;
      --ink: #e6edf3;
      --soft: #9aa6b2;
      --line: #30363d;
      --rail: #2a313a;
      --good: #4ac26b;
      --some: #d4a72c;
      --none: #ff7b72;
      --accent: #79b8ff;
      --hint: #182536;
    }
  }
  * {
    box-sizing: border-box;
  }
  body {
    margin: 0;
    background: var(--ground);
    color: var(--ink);
    font:
      16px/1.5 system-ui,
      -apple-system,
      "Segoe UI",
      Roboto,
      "Noto Sans",
      sans-serif;
  }
  main {
    max-width: 60rem;
    margin: 0 auto;
    padding: 1.5rem 1rem 3rem;
  }
  h1 {
    font-size: 1.6rem;
    line-height: 1.25;
    margin: 0 0 0.25rem;
    overflow-wrap: anywhere;
  }
  h2 {
    font-size: 1.2rem;
    margin: 2rem 0 0.75rem;
    overflow-wrap: anywhere;
  }
  h3 {
    font-size: 1.05rem;
    margin: 0;
    overflow-wrap: anywhere;
  }
  p {
    margin: 0.4rem 0;
  }
  a {
    color: var(--accent);
  }
  a:focus-visible,
  summary:focus-visible,
  [tabindex]:focus-visible {
    outline: 3px solid var(--accent);
    outline-offset: 2px;
    border-radius: 3px;
  }
  code,
  pre,
  .mono {
    font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
    font-size: 0.9em;
    overflow-wrap: anywhere;
  }
  pre {
    white-space: pre-wrap;
    margin: 0.5rem 0 0;
    padding: 0.75rem;
    border: 1px solid var(--line);
    border-radius: 6px;
    background: var(--ground);
  }
  .card > ul {
    margin: 0.25rem 0;
    padding-left: 1.25rem;
    overflow-wrap: anywhere;
  }
  .soft {
    color: var(--soft);
  }
  .card {
    background: var(--card);
    border: 1px solid var(--line);
    border-radius: 10px;
    padding: 1rem 1.25rem;
    margin: 0 0 1rem;
  }
  .row {
    display: flex;
    gap: 0.5rem 1.5rem;
    justify-content: space-between;
    align-items: baseline;
    flex-wrap: wrap;
  }
  .big {
    font-size: 1.5rem;
    font-weight: 650;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .points {
    font-weight: 600;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  .bar {
    display: block;
    width: 100%;
    height: 0.5rem;
    border-radius: 4px;
    margin: 0.5rem 0;
  }
  .bar .rail {
    fill: var(--rail);
  }
  .bar.good .fill {
    fill: var(--good);
  }
  .bar.some .fill {
    fill: var(--some);
  }
  .bar.none .fill {
    fill: var(--none);
  }
  .good,
  .passed {
    color: var(--good);
  }
  .some,
  .timeout {
    color: var(--some);
  }
  .none,
  .failed,
  .error {
    color: var(--none);
  }
  .skipped {
    color: var(--soft);
  }
  .hint {
    margin: 0.75rem 0 0;
    padding: 0.6rem 0.9rem;
    border-left: 4px solid var(--accent);
    border-radius: 0 6px 6px 0;
    background: var(--hint);
    overflow-wrap: anywhere;
  }
  .tests {
    list-style: none;
    margin: 0.5rem 0 0;
    padding: 0;
  }
  .tests li {
    display: grid;
    grid-template-columns: 5.5rem 1fr;
    gap: 0 0.5rem;
    padding: 0.3rem 0;
    border-top: 1px solid var(--line);
  }
  .tests .detail {
    grid-column: 2;
    color: var(--soft);
    overflow-wrap: anywhere;
  }
  .tests .name {
    overflow-wrap: anywhere;
  }
  .status {
    font-weight: 600;
    white-space: nowrap;
  }
  .scroll {
    overflow-x: auto;
  }
  table {
    border-collapse: collapse;
    width: 100%;
  }
  caption {
    text-align: left;
    color: var(--soft);
    padding-bottom: 0.4rem;
  }
  th,
  td {
    text-align: left;
    padding: 0.4rem 0.75rem 0.4rem 0;
    border-bottom: 1px solid var(--line);
    vertical-align: top;
  }
  th {
    font-weight: 600;
  }
  tbody th {
    font-weight: 500;
    min-width: 8rem;
    overflow-wrap: break-word;
  }
  td.number,
  th.number {
    text-align: right;
    font-variant-numeric: tabular-nums;
    white-space: nowrap;
  }
  td.wide {
    min-width: 8rem;
    width: 30%;
  }
  td.text {
    min-width: 14rem;
    overflow-wrap: break-word;
  }
  td.short {
    white-space: nowrap;
  }
  .figures {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 2rem;
    margin: 0 0 0.75rem;
  }
  .figures div {
    display: flex;
    flex-direction: column-reverse;
  }
  .figures dt {
    color: var(--soft);
  }
  .figures dd {
    margin: 0;
    font-size: 1.35rem;
    font-weight: 650;
    font-variant-numeric: tabular-nums;
  }
  .histogram {
    display: block;
    width: 100%;
    max-width: 40rem;
    height: auto;
  }
  .histogram rect {
    fill: var(--accent);
  }
  .histogram line {
    stroke: var(--line);
  }
  .histogram text {
    fill: var(--soft);
    font-size: 11px;
    text-anchor: middle;
  }
  .histogram .count {
    fill: var(--ink);
  }
  summary {
    margin-top: 0.4rem;
    cursor: pointer;
    color: var(--soft);
  }
  footer {
    color: var(--soft);
    font-size: 0.9rem;
    margin-top: 2rem;
  }
  @media (max-width: 34rem) {
    .tests li {
      grid-template-columns: 1fr;
    }
    .tests .detail {
      grid-column: 1;
    }
    .card {
      padding: 0.8rem 0.9rem;
    }
    td.wide,
    th.wide {
      display: none;
    }
  }
  @media print {
    :root {
      --ground: #fff;
      --card: #fff;
      --ink: #000;
      --soft: #444;
      --line: #bbb;
      --rail: #ddd;
      --good: #116329;
      --some: #7d4e00;
      --none: #a40e26;
      --accent: #0550ae;
      --hint: #fff;
    }
    body {
      font-size: 11pt;
    }
    main {
      max-width: none;
      padding: 0;
    }
    .card {
      break-inside: avoid;
    }
    a {
      color: inherit;
      text-decoration: none;
    }
    .bar rect,
    .histogram rect {
      print-color-adjust: exact;
      -webkit-print-color-adjust: exact;
    }
  }
</style>`;

/** By what a content security policy knows this style from any other. */
export const styleHash = createHash("sha256")
  .update(style.text.slice("<style>".length, -"</style>".length))
  .digest("base64");
