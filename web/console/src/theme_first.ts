// Runs before the first paint, so that somebody who chose the dark look is
// not blinded by a white flash. It only copies the choice onto the page.

try {
    const look = localStorage.getItem("loa.look");
    if (look === "light" || look === "dark") {
        document.documentElement.dataset["look"] = look;
    }
} catch {
    // Storage can be forbidden; the system's own look is used then.
}
