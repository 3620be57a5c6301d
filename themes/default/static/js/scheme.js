// scheme.js: runs before the first paint. Marks that scripts work and puts back the visitor's light or dark.
(() => {
  const root = document.documentElement;
  root.dataset.scripts = "";
  if (root.dataset.scheme) return; // the brand has fixed one
  try {
    const scheme = localStorage.getItem("scheme");
    if (scheme === "light" || scheme === "dark") root.dataset.scheme = scheme;
  } catch { /* storage is forbidden here: the system's scheme it is */ }
})();
