import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import katex from "katex";
import { Marked, type Token, type Tokens } from "marked";
import markedKatex from "marked-katex-extension";
import type { Lesson } from "./lesson.js";

const markdown = new Marked(markedKatex({ nonStandard: true }));

/**
 * What is wrong with a lesson's prose: formulas that KaTeX cannot set, dollar signs without a partner, links inside the
 * notebook that lead nowhere, footnotes without text, figures that are announced but not drawn.
 *
 * @param master the file of the master, from which relative links start
 */
export function proseProblems(lesson: Lesson, master: string): string[] {
  const cells = lesson.cells.filter((cell) => cell.kind === "markdown" || cell.kind === "written");
  const parsed = cells.map((cell) => ({
    where: `lesson.md:${cell.line}`,
    tokens: flatten(markdown.lexer(cell.source)),
  }));
  const anchors = new Set(parsed.flatMap(({ tokens }) => tokens.flatMap(anchorOf)));
  return [
    ...parsed.flatMap(({ where, tokens }) =>
      tokens.flatMap((token) =>
        [...formulaProblems(token), ...linkProblems(token, anchors, dirname(master))].map(
          (problem) => `${where}: ${problem}`,
        ),
      ),
    ),
    ...footnoteProblems(cells.map(({ source }) => source).join("\n\n")),
    ...figureProblems(lesson),
  ];
}

function formulaProblems(token: Token): string[] {
  if (token.type === "inlineKatex" || token.type === "blockKatex") {
    const { text, displayMode } = token as unknown as { text: string; displayMode: boolean };
    try {
      katex.renderToString(text, { displayMode, throwOnError: true, strict: "error" });
      return [];
    } catch (error) {
      return [`KaTeX cannot set ${JSON.stringify(text)}: ${(error as Error).message}`];
    }
  }
  const isPlainText = token.type === "text" && !("tokens" in token);
  return isPlainText && /(?<!\\)\$/.test(token.raw)
    ? [
        `a $ without partner in ${JSON.stringify(token.raw.slice(0, 60))} ($$ of a formula of several lines stands on its own line)`,
      ]
    : [];
}

function linkProblems(token: Token, anchors: ReadonlySet<string>, folder: string): string[] {
  if (token.type !== "link" && token.type !== "image") return [];
  const { href } = token as Tokens.Link;
  if (/^https?:\/\//.test(href)) return URL.canParse(href) ? [] : [`the link ${href} is no address`];
  if (href.startsWith("#"))
    return anchors.has(decodeURIComponent(href.slice(1))) ? [] : [`the link ${href} leads to no heading`];
  const [file] = href.split("#");
  return existsSync(resolve(folder, decodeURIComponent(file))) ? [] : [`the link ${href} leads to no file`];
}

/** The anchor that Jupyter gives a heading: its text with hyphens for spaces. */
function anchorOf(token: Token): string[] {
  return token.type === "heading" ? [(token as Tokens.Heading).text.trim().replaceAll(" ", "-")] : [];
}

function footnoteProblems(text: string): string[] {
  const defined = new Set(Array.from(text.matchAll(/^\[\^([^\]]+)\]:/gm), (match) => match[1]));
  const used = new Set(Array.from(text.matchAll(/\[\^([^\]]+)\](?!:)/g), (match) => match[1]));
  return [
    ...[...used].filter((name) => !defined.has(name)).map((name) => `footnote [^${name}] has no text`),
    ...[...defined]
      .filter((name) => !used.has(name))
      .map((name) => `footnote [^${name}] is never referred to`),
  ];
}

function figureProblems({ figures, cells }: Lesson): string[] {
  const announced = Object.keys(figures);
  const drawn = cells.flatMap((cell) =>
    cell.kind === "code" && cell.figure !== undefined ? [cell.figure] : [],
  );
  return [
    ...announced
      .filter((name) => !drawn.includes(name))
      .map((name) => `figure ${name} is announced, but no cell draws it`),
    ...drawn
      .filter((name) => !announced.includes(name))
      .map((name) => `figure ${name} is missing in the header's figures`),
    ...drawn
      .filter((name, i) => drawn.indexOf(name) !== i)
      .map((name) => `figure ${name} is drawn by two cells`),
  ];
}

/** All tokens, each before its parts. */
function flatten(tokens: readonly Token[]): Token[] {
  return tokens.flatMap((token) => {
    const table = token.type === "table" ? (token as Tokens.Table) : undefined;
    const parts = table
      ? [...table.header, ...table.rows.flat()].flatMap((cell) => cell.tokens)
      : [...((token as Tokens.Generic).tokens ?? []), ...((token as Tokens.List).items ?? [])];
    return [token, ...flatten(parts)];
  });
}
