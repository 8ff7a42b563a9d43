// A style sheet that a page imports is text, a worklet is the address of its
// file: build.mjs sees to it.

declare module "*.css" {
    const text: string;
    export default text;
}

declare module "*.worklet.js" {
    const address: string;
    export default address;
}
