/**
 * Every display has its pictures in docs/gallery.md, and they are those of what is rendered now. `UPDATE_GALLERY=1 npm run test:unit --
 * test/docs/gallery` takes them anew; look at them then.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve, dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { THEMES, drawingOf, fingerprint, photographs, type Drawing, type Theme } from "./gallery/pictures.js";
import { PICTURES } from "./gallery/samples.js";

const DOCS = resolve(dirname(fileURLToPath(import.meta.url)), "../../docs");
const FOLDER = join(DOCS, "images", "gallery");
/** Which pages the photographs are of. */
const FINGERPRINTS = join(FOLDER, "pages.json");
const LARGEST = 120_000;

const names = Object.values(PICTURES).flatMap((pictures) => Object.keys(pictures));
const drawings = new Map<string, Drawing>();

const chartFile = (name: string): string => join(FOLDER, `${name}.svg`);
const pageFile = (name: string, theme: Theme): string => join(FOLDER, `${name}.${theme}.png`);

function filesOf(name: string): string[] {
  return drawings.get(name)?.kind === "chart" ? [chartFile(name)] : THEMES.map((theme) => pageFile(name, theme));
}

async function takePictures(): Promise<void> {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  const pages: { name: string; html: string; theme: Theme }[] = [];
  for (const [name, drawing] of drawings) {
    if (drawing.kind === "chart") writeFileSync(chartFile(name), drawing.svg);
    else for (const theme of THEMES) pages.push({ name, html: drawing.html, theme });
  }
  for (const [index, picture] of (await photographs(pages)).entries()) {
    const { name, theme } = pages[index]!;
    writeFileSync(pageFile(name, theme), picture);
  }
  const prints = Object.fromEntries(pages.map(({ name, html }) => [name, fingerprint(html)]));
  writeFileSync(FINGERPRINTS, `${JSON.stringify(prints, null, 2)}\n`);
}

beforeAll(async () => {
  for (const pictures of Object.values(PICTURES))
    for (const [name, result] of Object.entries(pictures)) drawings.set(name, await drawingOf(result));
  if (process.env["UPDATE_GALLERY"] === "1") await takePictures();
});

test("no two pictures have one name, and no file is left over", () => {
  expect(new Set(names).size).toBe(names.length);
  const wanted = [...names.flatMap(filesOf), FINGERPRINTS].map((path) => path.slice(FOLDER.length + 1));
  expect(readdirSync(FOLDER).toSorted()).toEqual(wanted.toSorted());
});

describe.each(names)("%s", (name) => {
  test("is on the page", () => {
    const page = readFileSync(join(DOCS, "gallery.md"), "utf8");
    const missing = filesOf(name).filter((path) => !page.includes(`images/gallery/${path.slice(FOLDER.length + 1)}`));
    expect(missing).toEqual([]);
  });

  test("is the picture of what is rendered now, and small", () => {
    const drawing = drawings.get(name)!;
    const files = filesOf(name);
    expect(files.filter((path) => !existsSync(path))).toEqual([]);
    for (const path of files) expect(readFileSync(path).length).toBeLessThan(LARGEST);
    // Not compared by `toBe`, which would show two whole pictures.
    if (drawing.kind === "chart") expect(readFileSync(chartFile(name), "utf8") === drawing.svg).toBe(true);
    else {
      const prints = JSON.parse(readFileSync(FINGERPRINTS, "utf8")) as Record<string, string>;
      expect(prints[name]).toBe(fingerprint(drawing.html));
      for (const path of files) expect(readFileSync(path).subarray(1, 4).toString()).toBe("PNG");
    }
  });
});
