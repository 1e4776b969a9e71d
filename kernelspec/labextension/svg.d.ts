/** The build puts the drawing's text in place of the import. */
declare module "*.svg" {
  const text: string;
  export default text;
}
