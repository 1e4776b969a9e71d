/** The MIME types a display is made of. */

/** What a front end draws: one entry a MIME type. Always holds `text/plain`. */
export interface MimeBundle {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** Text alone, or with a page's worth of HTML that says the same. */
export function textBundle(plain: string, html?: string): MimeBundle {
  return { data: { "text/plain": plain, ...(html === undefined ? {} : { "text/html": html }) }, metadata: {} };
}
