// Shows the platform's own document, or the part of the group that the path names.
// Its search would want a worker made of a text, which the page's policy does not
// let run; and no font comes from elsewhere.
const group = location.pathname.split("/")[2];
Redoc.init(
  group ? `/openapi/${group}.json` : "/openapi.json",
  { disableSearch: true, hideDownloadButton: false, theme: { typography: { fontFamily: "system-ui, sans-serif", headings: { fontFamily: "system-ui, sans-serif" } } } },
  document.getElementById("redoc"),
);
