// Where somebody else's pages lead back to (see app/src/popup/). Tells the page that opened this window what the
// address says, and closes. Everything told is a hint; the opener asks the server.
(() => {
  const parameters = new URLSearchParams(location.search);
  const message = Object.fromEntries(parameters);

  /** The `next` parameter, when it is a path on this server and nothing else. */
  const next = () => {
    const path = parameters.get("next") ?? "";
    if (!/^\/(?![/\\])/.test(path) || path.includes("\\")) return null;
    const url = new URL(path, location.origin);
    return url.origin === location.origin ? url.pathname + url.search + url.hash : null;
  };

  /** Our own page that opened this window, if it can still be reached. */
  const ourOpener = () => {
    try {
      // Reading another origin's location throws: then it is somebody else's page, and this window is not a popup of ours.
      return opener && !opener.closed && opener.location.origin === location.origin ? opener : null;
    } catch {
      return null;
    }
  };

  const sayDone = () => {
    document.getElementById("moment").hidden = true;
    document.getElementById("done").hidden = false;
  };

  const broadcast = () => {
    const channel = new BroadcastChannel("xiome-popup");
    channel.postMessage(message);
    channel.close();
  };

  const page = ourOpener();
  if (page) {
    page.postMessage(message, location.origin);
    broadcast();
    close();
    setTimeout(sayDone, 500);
    return;
  }

  // Either this is the opener's own tab (popups were blocked), or a popup whose opener was cut off on the way. In the
  // second case somebody hears the broadcast and says so: then this window closes instead of showing the page twice.
  let waiting = true;
  const goOn = () => {
    if (!waiting) return;
    waiting = false;
    const path = next();
    if (path) location.replace(path);
    else sayDone();
  };
  const heard = new BroadcastChannel("xiome-popup-heard");
  heard.onmessage = (event) => {
    if (event.data === message.popup) close();
  };
  broadcast();
  setTimeout(goOn, 400);
})();
