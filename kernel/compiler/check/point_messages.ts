/** What the checker says of probe points. */
import type { Span } from "../source.js";
import { complaint, didYouMean, type Complaint } from "./messages.js";

export const noSuchProbe = (written: string, known: Iterable<string>, inner: Span | null): Complaint =>
  complaint(
    "probe/no-such",
    `there is no probe point \`${written}\``,
    didYouMean(written, known, "Check the name; completion lists what there is."),
    inner && { span: inner, message: "an alias names it here" },
  );

/** `forms` are points that would fit, but for their arguments. */
export const noPointFits = (written: string, forms: readonly string[], inner: Span | null): Complaint =>
  complaint(
    "probe/no-such",
    `no probe point fits \`${written}\``,
    forms.length === 0
      ? "Check the name; completion lists what there is."
      : `No wildcard stands for what is in brackets: write it, as in ${forms.slice(0, 2).join(" or ")}.`,
    inner && { span: inner, message: "an alias names it here" },
  );

export const probeRefused = (message: string, hint: string | undefined, inner: Span | null): Complaint =>
  complaint("probe/refused", message, hint, inner && { span: inner, message: "an alias names it here" });

export const recursiveAlias = (name: string, alias: Span): Complaint =>
  complaint(
    "probe/recursive-alias",
    `the alias \`${name}\` comes back to itself`,
    "Give the alias a name of its own.",
    {
      span: alias,
      message: "the alias is defined here",
    },
  );

export const emptyAlias = (name: string, span: Span): Complaint =>
  complaint(
    "probe/no-such",
    `nothing that the alias \`${name}\` names is there`,
    "Mark the point as optional with `?`.",
    {
      span,
      message: "it is used here",
    },
  );

export const tooManyProbes = (maximum: number): Complaint =>
  complaint("probe/too-many", `these aliases name more than ${maximum} probes`, "Name fewer points.");

export const noProbes = (): Complaint =>
  complaint("script/no-probes", "the script has no probe", "Add one, such as `probe begin { … }`.");
