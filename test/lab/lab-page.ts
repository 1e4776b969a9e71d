/** A notebook open in JupyterLab in Debian's Chromium: what a person would do with it, and what is then to be seen. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { cache } from "./laboratory.js";

const executablePath = "/usr/bin/chromium";
/** Root may not use the sandbox; a machine without a way out to the internet wants the rest. */
const flags = [
  "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run",
  "--disable-background-networking --disable-component-update --disable-sync",
].flatMap((line) => line.split(" "));

export const screenshots = join(cache, "screenshots");

/** Why there can be no browser here; null where there can. */
export function browserIsMissing(): string | null {
  return existsSync(executablePath) ? null : "no Chromium (Debian package chromium)";
}

/** The part of JupyterLab that `--expose-app-in-browser` gives the page. */
interface ExposedLab {
  readonly commands: { execute(command: string, args?: object): Promise<unknown> };
  readonly docRegistry: { getFileTypesForPath(path: string): { readonly displayName?: string }[] };
}

/** What a chart in the page really shows. */
export interface DrawnChart {
  readonly width: number;
  readonly height: number;
  /**
   * Pixels that are not grey: the marks. Axes and labels are grey, so that a chart without data has next to none.
   */
  readonly colouredPixels: number;
}

/** Counts in the page, which can read a PNG as the tests cannot. */
async function judge(png: string): Promise<DrawnChart> {
  const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const { width, height } = image;
  const context = new OffscreenCanvas(width, height).getContext("2d");
  context?.drawImage(image, 0, 0);
  const pixels = context?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
  let colouredPixels = 0;
  for (let at = 0; at < pixels.length; at += 4) {
    const [red = 0, green = 0, blue = 0] = pixels.subarray(at, at + 3);
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > 40) colouredPixels++;
  }
  return { width, height, colouredPixels };
}

/** What a selector finds in a page, in its order, judged by a picture of each. */
export async function drawnCharts(page: Page, selector: string): Promise<DrawnChart[]> {
  const drawn: DrawnChart[] = [];
  for (const chart of await page.locator(selector).all()) {
    const picture = await chart.screenshot();
    drawn.push(await page.evaluate(judge, picture.toString("base64")));
  }
  return drawn;
}

export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: flags,
  });
}

interface Screen {
  readonly width: number;
  readonly height: number;
  /** Pixels for each of the page's. */
  readonly scale: number;
}

const LAPTOP: Screen = { width: 1280, height: 1000, scale: 1 };

export class LabPage {
  readonly #page: Page;
  /** What the page wrote to its console as an error, and what it threw. */
  readonly problems: string[] = [];

  private constructor(page: Page) {
    this.#page = page;
    page.on("pageerror", (error) => this.problems.push(error.stack ?? error.message));
    page.on("crash", () => this.problems.push("the tab crashed"));
    page.on("console", (message) => {
      // The Lab asks the server for extensions that Debian does not package.
      const expected = message.text().startsWith("Failed to load resource");
      if (message.type() === "error" && !expected) this.problems.push(message.text());
    });
  }

  static async open(browser: Browser, address: string, screen: Screen = LAPTOP): Promise<LabPage> {
    const { width, height, scale } = screen;
    const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: scale });
    const lab = new LabPage(page);
    await lab.#visit(address);
    // The notebook's own indicator says "idle" before there is a kernel, and cells run then are never finished.
    await page
      .locator("#jp-main-statusbar")
      .getByText(/ \| Idle$/)
      .waitFor({ timeout: 60_000 });
    return lab;
  }

  /** Opens a notebook whose kernel is not installed, and starts no other for it. */
  static async openWithoutKernel(browser: Browser, address: string): Promise<LabPage> {
    const page = await browser.newPage({ viewport: { width: LAPTOP.width, height: LAPTOP.height } });
    const lab = new LabPage(page);
    await lab.#visit(address);
    await page.locator(".jp-Dialog .jp-mod-reject").click({ timeout: 30_000 });
    return lab;
  }

  async #visit(address: string): Promise<void> {
    await this.#page.goto(address);
    await this.#page.locator(".jp-Notebook .jp-CodeCell").first().waitFor({ timeout: 60_000 });
  }

  async command(name: string, args: object = {}): Promise<void> {
    await this.#page.evaluate(
      async ([command, given]) => {
        const { jupyterapp } = window as unknown as { jupyterapp: ExposedLab };
        // What the command resolves to (widgets, for one) cannot leave the page.
        await jupyterapp.commands.execute(command, given);
      },
      [name, args] as const,
    );
  }

  /**
   * Waits until the picture that covers the page meanwhile has gone as well: of two that fade away at the same time, JupyterLab removes one
   * twice, which is an error of the page.
   */
  async changeTheme(theme: "JupyterLab Light" | "JupyterLab Dark"): Promise<void> {
    const uncovered = async (): Promise<boolean> => (await this.#page.locator("#jupyterlab-splash").count()) === 0;
    await this.waitUntil(uncovered);
    await this.command("apputils:change-theme", { theme });
    await this.waitUntil(
      async () => (await this.#page.evaluate(() => document.body.dataset["jpThemeName"])) === theme && uncovered(),
    );
  }

  /** Runs every cell and waits for the last; throws what a cell that failed shows. */
  async runAll(timeoutSeconds: number): Promise<void> {
    const failure = this.command("notebook:run-all-cells").then(
      () => null,
      (error: Error) => error,
    );
    const deadline = Date.now() + timeoutSeconds * 1000;
    while (Date.now() < deadline) {
      const prompts = await this.texts(".jp-CodeCell .jp-InputPrompt");
      if (prompts.length > 0 && prompts.every((prompt) => /^\[\d+\]:$/.test(prompt))) {
        await failure;
        return;
      }
      const errors = await this.texts('[data-mime-type="application/vnd.jupyter.error"]');
      if (errors.length > 0) throw new Error(`a cell failed:\n${errors.join("\n")}`);
      await this.#page.waitForTimeout(500);
    }
    throw new Error(`the cells did not all run within ${timeoutSeconds} s`);
  }

  async texts(selector: string): Promise<string[]> {
    return this.#page.locator(selector).allInnerTexts();
  }

  /** The same in the order in which they stand on the page, whatever order the page's text has. */
  async topDown(selector: string): Promise<string[]> {
    const found = await this.#page.locator(selector).evaluateAll((elements) =>
      elements.map((element) => ({
        top: element.getBoundingClientRect().top,
        text: (element as HTMLElement).innerText,
      })),
    );
    return found.toSorted((left, right) => left.top - right.top).map(({ text }) => text);
  }

  async click(selector: string): Promise<void> {
    await this.#page.locator(selector).click();
  }

  /** The texts of what a selector finds, once it finds something. */
  async waitForTexts(selector: string): Promise<string[]> {
    await this.#page.locator(selector).first().waitFor({ timeout: 20_000 });
    return this.texts(selector);
  }

  async waitUntil(condition: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 40_000;
    while (!(await condition())) {
      if (Date.now() > deadline) throw new Error(`waited too long for ${condition.toString()}`);
      await this.#page.waitForTimeout(250);
    }
  }

  /** No cell runs or waits. */
  async idle(): Promise<void> {
    await this.waitUntil(async () => {
      const prompts = await this.texts(".jp-Notebook .jp-InputPrompt");
      const [status = ""] = await this.texts("#jp-main-statusbar");
      return prompts.every((prompt) => !prompt.includes("*")) && status.includes("| Idle");
    });
  }

  /** Goes to the end of the last cell, to write there. */
  async #enterLastCell(): Promise<void> {
    await this.#page.locator(".jp-Notebook .jp-CodeCell").last().locator(".cm-content").click();
  }

  /** Presses keys one after the other in the last cell, as a person does. */
  async type(text: string): Promise<void> {
    await this.#enterLastCell();
    await this.#page.keyboard.type(text);
  }

  async press(key: string): Promise<void> {
    await this.#page.keyboard.press(key);
  }

  async clearCell(): Promise<void> {
    await this.#enterLastCell();
    await this.press("Control+A");
    await this.press("Delete");
  }

  /** Adds a cell at the end, with a text that is pasted rather than typed. */
  async addCell(text: string): Promise<void> {
    const count = await this.#page.locator(".jp-Notebook .jp-CodeCell").count();
    await this.#enterLastCell();
    await this.command("notebook:insert-cell-below");
    await this.#page.locator(".jp-Notebook .jp-CodeCell").nth(count).waitFor();
    await this.#enterLastCell();
    await this.#page.keyboard.insertText(text);
  }

  async runCell(): Promise<void> {
    await this.#enterLastCell();
    // The command would be done when the cell is.
    await this.press("Control+Enter");
  }

  /** What stands in the last cell. */
  async cellText(): Promise<string> {
    const lines = this.#page.locator(".jp-Notebook .jp-CodeCell").last().locator(".cm-line");
    return (await lines.allTextContents()).join("\n");
  }

  /** The colour of each piece of text that an editor colours. */
  async colours(editor: string): Promise<ReadonlyMap<string, string>> {
    const found = await this.#page
      .locator(editor)
      .first()
      .locator(".cm-line span")
      .evaluateAll((pieces) =>
        pieces.map((piece) => [piece.textContent ?? "", getComputedStyle(piece).color] as const),
      );
    return new Map(found);
  }

  /** What the menu of completions offers, once it is there. */
  async completions(): Promise<readonly { readonly label: string; readonly kind: string }[]> {
    const items = this.#page.locator(".jp-Completer .jp-Completer-item");
    await items.first().waitFor({ timeout: 20_000 });
    return items.evaluateAll((found) =>
      found.map((item) => ({
        label: item.querySelector(".jp-Completer-match")?.textContent ?? "",
        kind: item.querySelector(".jp-Completer-typeExtended")?.textContent ?? "",
      })),
    );
  }

  /** What the Lab takes a file for, and whether its list of files draws an icon of that type. */
  async fileType(name: string): Promise<{ readonly type: string; readonly hasIcon: boolean }> {
    const type = await this.#page.evaluate(
      (path) =>
        (window as unknown as { jupyterapp: ExposedLab }).jupyterapp.docRegistry.getFileTypesForPath(path)[0]
          ?.displayName ?? "",
      name,
    );
    const icon = this.#page.locator(`.jp-DirListing-item:has-text("${name}") [data-icon="tapbook:systemtap"]`);
    await icon
      .first()
      .waitFor({ timeout: 10_000 })
      .catch(() => undefined);
    return { type, hasIcon: (await icon.count()) > 0 };
  }

  /** A picture of each thing that a selector finds. */
  async pictures(selector: string): Promise<readonly string[]> {
    const found: string[] = [];
    for (const element of await this.#page.locator(selector).all()) {
      // What is just being redrawn is gone in the next moment.
      const picture = await element.screenshot({ timeout: 5000 }).catch(() => null);
      if (picture) found.push(picture.toString("base64"));
    }
    return found;
  }

  /** A picture of the whole window, under `.cache/screenshots`. */
  async screenshot(name: string): Promise<void> {
    mkdirSync(screenshots, { recursive: true });
    await this.#page.screenshot({ path: join(screenshots, `${name}.png`) });
  }

  /** The colour of what is behind a notebook: tells a dark theme from a light one. */
  async backgroundLuminance(): Promise<number> {
    return this.#page
      .locator(".jp-Notebook")
      .first()
      .evaluate((element) => {
        const numbers = getComputedStyle(element).backgroundColor.match(/\d+/g) ?? [];
        return numbers.slice(0, 3).reduce((sum, number) => sum + Number(number), 0) / 765;
      });
  }

  /** Every chart that the Lab's Vega renderer has drawn, in the order of the page, judged by a picture of it. */
  async charts(): Promise<DrawnChart[]> {
    return drawnCharts(this.#page, ".jp-RenderedVegaCommon5 .vega-embed");
  }

  /** A picture of the cells and nothing around them, under `.cache/screenshots`. */
  async photographCells(name: string): Promise<void> {
    mkdirSync(screenshots, { recursive: true });
    await this.command("application:toggle-left-area");
    // What marks the cell that has the focus, and the one under the pointer.
    await this.#page.addStyleTag({
      content: ".jp-cell-toolbar, .jp-Collapser { visibility: hidden !important }",
    });
    await this.#page.mouse.move(0, 0);
    await this.#page.waitForTimeout(1000);
    const boxes = await Promise.all(
      (await this.#page.locator(".jp-Notebook .jp-Cell").all()).map((cell) => cell.boundingBox()),
    );
    const found = boxes.filter((box) => box !== null);
    const [x, y] = [Math.min(...found.map((box) => box.x)), Math.min(...found.map((box) => box.y))];
    const width = Math.max(...found.map((box) => box.x + box.width)) - x;
    const height = Math.max(...found.map((box) => box.y + box.height)) - y;
    await this.#page.screenshot({ path: join(screenshots, `${name}.png`), clip: { x, y, width, height } });
  }

  /** Pictures of the whole notebook, one screen after the other, under `.cache/screenshots`. */
  async photograph(name: string): Promise<void> {
    mkdirSync(screenshots, { recursive: true });
    const scroller = this.#page.locator(".jp-WindowedPanel-outer, .jp-Notebook").first();
    const { whole, screen } = await scroller.evaluate((element) => ({
      whole: element.scrollHeight,
      screen: element.clientHeight,
    }));
    for (let top = 0, number = 1; top < whole; top += screen, number++) {
      await scroller.evaluate((element, to) => element.scrollTo(0, to), top);
      await this.#page.waitForTimeout(300);
      await this.#page.screenshot({ path: join(screenshots, `${name}-${number}.png`) });
    }
  }
}
