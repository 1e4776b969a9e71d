/** How far a cell is with attaching or detaching many probes: a display that moves, where that takes more than a moment. */
import { randomUUID } from "node:crypto";
import type { LinkProgress } from "../tracing/links.js";
import type { LinksResult } from "../tracing/result.js";
import type { CellScreen } from "./cell_screen.js";

/** Milliseconds until there is something to be told. */
const FIRST_FRAME = 500;
const PAUSE = 250;

export class LinkDisplay {
  private readonly id = randomUUID();
  private timer: NodeJS.Timeout;
  private hasBegun = false;
  private isOver = false;

  constructor(
    private readonly screen: CellScreen,
    private readonly progress: () => (LinkProgress & Pick<LinksResult, "work">) | null,
  ) {
    this.timer = setTimeout(() => void this.tick(), FIRST_FRAME);
  }

  /** Nothing is left of it. */
  close(): void {
    this.isOver = true;
    clearTimeout(this.timer);
    if (this.hasBegun) this.screen.blank(this.id);
  }

  private async tick(): Promise<void> {
    const progress = this.progress();
    if (progress) {
      const result = { kind: "links", ...progress } as const;
      if (this.hasBegun) await this.screen.updateLive(this.id, result);
      else this.screen.showLive(this.id, result);
      this.hasBegun = true;
    }
    if (!this.isOver) this.timer = setTimeout(() => void this.tick(), PAUSE);
  }
}
