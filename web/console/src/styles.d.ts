// A style sheet that a page imports is text: build.mjs sees to it.

declare module "*.css" {
    const text: string;
    export default text;
}
