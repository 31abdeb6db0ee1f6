// Shows the platform's own document. Its search would want a worker made of a
// text, which the page's policy does not let run; and no font comes from
// elsewhere.
Redoc.init(
  "/openapi.json",
  { disableSearch: true, hideDownloadButton: false, theme: { typography: { fontFamily: "system-ui, sans-serif", headings: { fontFamily: "system-ui, sans-serif" } } } },
  document.getElementById("redoc"),
);
