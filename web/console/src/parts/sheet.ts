// Styles that a page brings along in its own chunk, put into the document
// once. They come after the shared ones and stay: pages share class names on
// purpose, never by accident.

const known = new Set<string>();

export function sheetUse(text: string): void {
    if (known.has(text)) {
        return;
    }
    known.add(text);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}
